package io.millrace.workdir;

import io.millrace.workdir.ClientFacts.Situation;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The client's half of the table: what the process that loads a dataflow file can tell about one node. It cannot know
 * the executor's system, so a path is absolute here if it is so by either system's rules.
 */
public final class ClientRules {
    private final NodeLocation node;
    private final ClientFacts facts;
    private final PathSyntax syntax;

    private ClientRules(NodeLocation node, ClientFacts facts) {
        this.node = node;
        this.facts = facts;
        this.syntax = facts.operatingSystem().pathSyntax();
    }

    /** Applies the table to a node. Pure: looks at no file; any thread. */
    public static ClientCheck check(NodeLocation node, ClientFacts facts) {
        return new ClientRules(node, facts).check();
    }

    private ClientCheck check() {
        Optional<Boolean> isLocal = facts.isLocal(node);
        Optional<Row> row = isLocal.map(local -> node.workingDirectoryRow(local, path -> isAbsolute(path, local)));
        return new ClientCheck(
                isLocal,
                row,
                row.flatMap(decided -> WorkingDirectory.of(node, decided, isLocal.orElseThrow())),
                isLocal.orElse(false) || node.ship() ? required() : List.of(),
                row.map(this::findings).orElse(List.of()));
    }

    /**
     * A path of a node that is not local is not expanded here. One that begins with a variable may turn out to be
     * absolute, so it gets the benefit of the doubt; its executor sees the truth.
     */
    private static boolean isAbsolute(String path, boolean isLocal) {
        if (!isLocal && path.startsWith("$") && !path.startsWith("$$")) {
            return true;
        }
        return PathSyntax.isAbsoluteSomewhere(path);
    }

    /** Worked out one by one: each repeats the working directory, and so all are much longer than what is written. */
    private List<FileSearch> required() {
        String base =
                node.workingDir().map(dir -> resolve(facts.flowDir(), dir)).orElse(facts.flowDir());
        List<NodeTarget> of = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (NodeTarget target : node.nodeTargets()) {
            for (String path : target.target().paths()) {
                of.add(target);
                paths.add(path);
            }
        }
        return new AbstractList<>() {
            @Override
            public FileSearch get(int index) {
                String path = paths.get(index);
                Row row = node.pathRow(true, PathSyntax.isAbsoluteSomewhere(path));
                return FileSearch.of(of.get(index), path, row, resolve(base, path), systems());
            }

            @Override
            public int size() {
                return paths.size();
            }
        };
    }

    /** The systems whose file names will do: a shipped file may be meant for another one than the client's. */
    private List<OperatingSystem> systems() {
        List<OperatingSystem> systems = new ArrayList<>(List.of(facts.operatingSystem()));
        if (node.ship()) {
            systems.addAll(List.of(OperatingSystem.values()));
        }
        return systems;
    }

    /** A path that is absolute only by the other system's rules stays where it is, and is then missing here. */
    private String resolve(String base, String path) {
        boolean foreign = !syntax.isAbsolute(path) && PathSyntax.WINDOWS.isAbsolute(path);
        return foreign ? PathSyntax.WINDOWS.resolve(path, ".") : syntax.resolve(base, path);
    }

    private List<Finding> findings(Row row) {
        String machine = Wording.machine(node.machine());
        List<Finding> findings = new ArrayList<>();
        boolean offline = facts.situation() == Situation.OFFLINE_CHECK;
        if (offline && node.local().isEmpty() && node.machine().isPresent()) {
            findings.add(Finding.aboutNode(
                    Finding.Severity.NOTE,
                    "node '" + node.nodeId() + "' is checked as if it were local, for " + machine
                            + " cannot be asked: write local: true or local: false to decide it"));
        }
        if (row == Row.NOT_LOCAL_ABSOLUTE && (offline || facts.requireWorkingDir())) {
            // As a warning it is left to the executor that follows at once, and knows its own home directory.
            String home = WorkingDirectory.Origin.EXECUTOR_HOME.toString();
            findings.add(Wording.home(node, machine, home, facts.requireWorkingDir()));
        }
        if (row == Row.NOT_LOCAL_RELATIVE) {
            for (NodeTarget of : node.nodeTargets()) {
                of.target().paths().stream()
                        .filter(path -> !isAbsolute(path, false))
                        .map(path -> Finding.error(of, Wording.relativePath(of, machine, path)))
                        .forEach(findings::add);
            }
        }
        return findings;
    }
}
