package io.millrace.remote.chaos;

import java.util.List;

/**
 * How one round went.
 *
 * @param what was done, with names and times
 * @param recoveryMs as its kind measures it; negative if it did not recover
 * @param broken what should have held and did not
 */
record Round(int number, Kind kind, String what, long recoveryMs, List<String> broken) {
    Round {
        broken = List.copyOf(broken);
    }

    String line() {
        return number + "\t" + kind + "\t" + what + "\t" + recoveryMs + "\t"
                + String.join("; ", broken).replaceAll("\\s+", " ");
    }

    static Round parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Round(
                Integer.parseInt(parts[0]),
                Kind.valueOf(parts[1]),
                parts[2],
                Long.parseLong(parts[3]),
                parts[4].isEmpty() ? List.of() : List.of(parts[4]));
    }
}
