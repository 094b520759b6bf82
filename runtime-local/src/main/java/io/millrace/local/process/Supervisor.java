package io.millrace.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line under which a program runs. Four processes, of which the last is the program:
 *
 * <pre>
 *   JVM -- supervisor                        a session of its own: no key pressed at our terminal reaches it
 *            |  stdin: the pipe from the JVM
 *            `-- leader                      leads another session, and with it the group that is killed
 *                  |-- watcher               reads the pipe; signals the group that it is in itself
 *                  `-- program
 * </pre>
 *
 * The watcher and the leader only ever signal group 0, their own. So there is no number that could have become somebody else's. The
 * watcher takes {@code t} (SIGTERM) and {@code k} (SIGKILL); when the pipe ends, because the JVM did, it sends the one and a second later
 * the other. When the program has ended the leader tells the supervisor how, and kills what the program has left in its group, itself
 * included. The supervisor writes the mark that the JVM waits for behind all that was printed, and ends when the JVM hangs up: it is the
 * one that is waited for, and while it lives the JDK does not touch the streams.
 */
final class Supervisor {
    private static final String SHELL = "/bin/sh";

    /** Where the tools are, should PATH not name it. */
    private static final String USUAL_PLACES = "/usr/bin:/bin:/usr/local/bin";

    /** Arguments: the leader's script, setsid, sleep, then the program and its arguments. The first line read is the token. */
    private static final String SUPERVISOR = """
            exec 3<&0 4>&1 5>&2 </dev/null >/dev/null 2>&1
            read -r millrace_token <&3 || exit 125
            millrace_leader=$1 millrace_setsid=$2
            shift 2
            millrace_status=$(exec "$millrace_setsid" /bin/sh -c "$millrace_leader" millrace-leader "$@" 6>&1 >&4 4>&-)
            for millrace_fd in 4 5; do
            printf '%s%s\\n' "$millrace_token" "${millrace_status:-137}" >&$millrace_fd
            done
            exec 4>&- 5>&-
            while read -r millrace_token <&3; do :; done
            """;

    /** What is ignored while the watcher begins stays ignored in it; what is caught by the leader has its usual meaning in the program. */
    private static final String LEADER = """
            millrace_sleep=$1
            shift
            trap '' HUP INT QUIT TERM USR1 USR2 ALRM PIPE
            {
            exec >/dev/null 5>&- 6>&-
            while read -r millrace_word; do
            case $millrace_word in
            t) kill -TERM 0 ;;
            k) kill -KILL 0 ;;
            esac
            done
            kill -TERM 0
            "$millrace_sleep" 1
            kill -KILL 0
            } <&3 3<&- &
            millrace_watcher=$!
            trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
            (exec 2>&5 3<&- 5>&- 6>&-; exec "$@")
            millrace_status=$?
            kill -KILL $millrace_watcher
            wait $millrace_watcher
            echo $millrace_status >&6
            kill -KILL 0
            """;

    private Supervisor() {}

    /**
     * The program's command line with the supervisor's before it. Looks at files.
     *
     * @param environment in which the tools are looked for: this process's own, not the program's
     * @throws ChildException if this system lacks what a supervisor needs
     */
    static List<String> over(List<String> argv, Map<String, String> environment) {
        ProgramSearch search = new ProgramSearch(
                Map.of("PATH", environment.getOrDefault("PATH", "") + ":" + USUAL_PLACES), Path.of("/"));
        String setsid = tool("setsid", search);
        String sleep = tool("sleep", search);
        List<String> command =
                new ArrayList<>(List.of(setsid, SHELL, "-c", SUPERVISOR, "millrace-supervisor", LEADER, setsid, sleep));
        command.addAll(argv);
        return command;
    }

    private static String tool(String name, ProgramSearch search) {
        Optional<Path> found = search.look(name);
        return found.map(Path::toString)
                .orElseThrow(() -> new ChildException("programs run under a supervisor that needs the command '" + name
                        + "', which is in none of " + search.inWords()
                        + ": install it (on Linux it is in the package util-linux or coreutils); systems without it cannot"
                        + " run programs as nodes"));
    }
}
