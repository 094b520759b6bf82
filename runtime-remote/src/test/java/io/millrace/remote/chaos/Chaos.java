package io.millrace.remote.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The command: plays rounds, goes on where it was ended, and prints a table. */
final class Chaos {
    private int rounds = 7;
    private long seed = 1;
    private List<Kind> kinds = List.of(Kind.values());
    private Path work = Path.of("target", "chaos");
    private Duration atMost = Duration.ofDays(1);

    public static void main(String[] args) throws Exception {
        Chaos chaos = new Chaos();
        for (int i = 0; i < args.length; i += 2) {
            chaos.option(args[i], i + 1 < args.length ? args[i + 1] : "");
        }
        System.exit(chaos.run() ? 0 : 1); // Netty's and Ratis's threads of the past must not keep it
    }

    private void option(String name, String value) {
        switch (name) {
            case "--rounds" -> rounds = Integer.parseInt(value);
            case "--seed" -> seed = Long.parseLong(value);
            case "--work" -> work = Path.of(value);
            case "--minutes" -> atMost = Duration.ofMinutes(Long.parseLong(value));
            case "--only" ->
                kinds = Arrays.stream(value.split(","))
                        .map(each -> Kind.valueOf(each.toUpperCase(java.util.Locale.ROOT)))
                        .toList();
            default ->
                throw new IllegalArgumentException(
                        "chaos/run: no option '" + name + "'; there are --rounds, --seed, --minutes, --only, --work");
        }
    }

    private boolean run() throws IOException, InterruptedException {
        Files.createDirectories(work);
        Path results = work.resolve("rounds-" + seed + ".tsv");
        List<Round> played = new ArrayList<>();
        if (Files.exists(results)) {
            for (String line : Files.readAllLines(results)) {
                played.add(Round.parse(line));
            }
        }
        long beganNs = System.nanoTime();
        List<String> atEnd = new ArrayList<>();
        if (played.size() < rounds) {
            atEnd.addAll(play(played, results));
        }
        System.out.print(Table.of(played, atEnd, seed, Duration.ofNanos(System.nanoTime() - beganNs)));
        return atEnd.isEmpty()
                && played.stream().allMatch(round -> round.broken().isEmpty());
    }

    private List<String> play(List<Round> played, Path results) throws IOException, InterruptedException {
        Path directory = work.resolve("cluster-" + seed + "-" + played.size());
        delete(directory);
        Files.createDirectories(directory);
        long beganNs = System.nanoTime();
        try (ChaosRun run = new ChaosRun(directory.toAbsolutePath(), 1)) {
            while (played.size() < rounds && System.nanoTime() - beganNs < atMost.toNanos()) {
                int number = played.size();
                Round round = run.play(number, kinds.get(number % kinds.size()), seed);
                played.add(round);
                Files.writeString(results, round.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                System.out.println(round.line());
                if (round.recoveryMs() < 0) {
                    return List.of("round " + number + " has not recovered: ended, the logs are in " + directory);
                }
            }
            List<String> wrong = run.end();
            System.out.println(run.messages() + " messages of " + run.incarnations() + " incarnations checked, "
                    + run.jobs() + " jobs acknowledged to the client, of which " + run.failedAtStart()
                    + " were being started when members were lost and failed with a reason");
            return wrong;
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
