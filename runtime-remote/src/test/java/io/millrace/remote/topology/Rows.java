package io.millrace.remote.topology;

import static io.millrace.remote.topology.Row.isRefused;
import static io.millrace.remote.topology.Row.runs;
import static io.millrace.remote.topology.Row.same;

import java.util.List;

/**
 * The working-directory table, and what it says of a cluster. HERE is the directory that every host has, with other contents; the flow file is in HERE/flows, on the
 * client's host only. Every host has HERE/home, HERE/srv and HERE/opt; executor M keeps what belongs to jobs in HERE/base-M.
 */
final class Rows {
    private static final String CLASS = "class: nodes.Reporter\n    config: {report: REPORT_FILE}\n    ";

    private Rows() {}

    static List<Row> all() {
        return List.of(
                new Row(
                        "local, no working_dir, relative",
                        node("local: true", "classpath: [lib]"),
                        "",
                        runs("HERE/flows", "HERE/flows/lib"),
                        isRefused("machine 'MACHINE'", "HERE/flows")),
                new Row(
                        "local, no working_dir, absolute",
                        node("local: true", "classpath: [HERE/opt/lib]"),
                        "",
                        runs("HERE/flows", "HERE/opt/lib"),
                        isRefused("machine 'MACHINE'", "HERE/flows")),
                new Row(
                        "local, working_dir, relative",
                        node("local: true, working_dir: sub", "classpath: [lib]"),
                        "",
                        runs("HERE/flows/sub", "HERE/flows/sub/lib"),
                        isRefused("machine 'MACHINE'", "HERE/flows/sub")),
                same(
                        "local, working_dir, absolute",
                        node("local: true, working_dir: HERE/srv", "classpath: [HERE/opt/lib]"),
                        "",
                        runs("HERE/srv", "HERE/opt/lib")),
                same(
                        "not local, working_dir, relative",
                        node("local: false, working_dir: HERE/srv", "classpath: [lib]"),
                        "",
                        runs("HERE/srv", "HERE/srv/lib")),
                same(
                        "not local, relative working_dir, relative",
                        node("local: false, working_dir: rel", "classpath: [lib]"),
                        "",
                        runs("HERE/base-MACHINE/rel", "HERE/base-MACHINE/rel/lib")),
                same(
                        "not local, working_dir that has to be made, absolute",
                        node("local: false, working_dir: HERE/made/MACHINE", "classpath: [HERE/opt/lib]"),
                        "",
                        runs("HERE/made/MACHINE", "HERE/opt/lib")),
                same(
                        "not local, no working_dir, absolute",
                        node("local: false", "classpath: [HERE/opt/lib]"),
                        "",
                        runs("HERE/home", "HERE/opt/lib", "home directory")),
                same(
                        "not local, no working_dir, absolute, where one is required",
                        node("local: false", "classpath: [HERE/opt/lib]"),
                        "--require-working-dir",
                        isRefused("working_dir")),
                same(
                        "not local, no working_dir, relative",
                        node("local: false", "classpath: [lib]"),
                        "",
                        isRefused("node 'node' on machine 'MACHINE' has the relative path 'lib'", "working_dir")),
                same(
                        "shipped, relative",
                        node("distribute: ship", "classpath: [lib]"),
                        "",
                        runs("HERE/base-MACHINE/*", "HERE/base-MACHINE/*")),
                same(
                        "shipped, working_dir",
                        node("distribute: ship, working_dir: HERE/srv", "classpath: [HERE/flows/lib]"),
                        "",
                        runs("HERE/srv", "HERE/base-MACHINE/*")),
                new Row(
                        "shipped, and not there",
                        node("distribute: ship", "classpath: [nothing]"),
                        "",
                        isRefused("HERE/flows/nothing"),
                        isRefused("HERE/flows/nothing")),
                same(
                        "a class without classpath, no working_dir",
                        node("local: false", ""),
                        "",
                        runs("HERE/base-MACHINE/*", "SHARED/classes")),
                same(
                        "a class without classpath, working_dir",
                        node("local: false, working_dir: HERE/srv", ""),
                        "",
                        runs("HERE/srv", "SHARED/classes")),
                new Row(
                        "nothing written, relative: the executor finds out",
                        node("", "classpath: [lib]"),
                        "",
                        runs("HERE/flows", "HERE/flows/lib"),
                        isRefused("machine 'MACHINE'", "relative path 'lib'")),
                new Row(
                        "nothing written, absolute",
                        node("", "classpath: [HERE/opt/lib]"),
                        "",
                        runs("HERE/flows", "HERE/opt/lib"),
                        runs("HERE/home", "HERE/opt/lib", "home directory")),
                new Row(
                        "a program, local, relative",
                        program("local: true", "bin/report.sh"),
                        "",
                        runs("HERE/flows", "HERE/flows/bin/report.sh"),
                        isRefused("machine 'MACHINE'", "HERE/flows")),
                same(
                        "a program, not local, working_dir, relative",
                        program("local: false, working_dir: HERE/srv", "bin/report.sh"),
                        "",
                        runs("HERE/srv", "HERE/srv/bin/report.sh")),
                same(
                        "a program, shipped",
                        program("distribute: ship, working_dir: HERE/srv", "HERE/flows/bin/report.sh"),
                        "",
                        runs("HERE/srv", "HERE/base-MACHINE/*")),
                same(
                        "a bare command, not local, working_dir",
                        program("local: false, working_dir: HERE/srv", "tool.sh"),
                        "",
                        runs("HERE/srv", "HERE/srv/tool.sh")),
                same(
                        "a bare command that is nowhere",
                        program("local: false, working_dir: HERE/srv", "no-such-tool.sh"),
                        "",
                        isRefused("no-such-tool.sh", "HERE/srv", "PATH")));
    }

    private static String node(String deploy, String more) {
        return "deploy: {machine: MACHINE" + (deploy.isEmpty() ? "" : ", " + deploy) + "}\n    " + CLASS + more + "\n";
    }

    /** It speaks no protocol: it reports where it is and ends, and that is not called a success. */
    private static String program(String deploy, String path) {
        return "deploy: {machine: MACHINE, " + deploy + "}\n    path: " + path + "\n    env: {REPORT: 'REPORT_FILE'}\n";
    }
}
