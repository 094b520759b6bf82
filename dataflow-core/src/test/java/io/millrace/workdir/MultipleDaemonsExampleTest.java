package io.millrace.workdir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The example with which the rules were first proposed: two machines, a client on A, one checkout on each. */
class MultipleDaemonsExampleTest {
    private static final String EXAMPLE = "/Users/runner/work/dora/dora/examples/multiple-daemons";

    private final NodeLocation source = new NodeLocation(
            "rust-node",
            Optional.of("A"),
            Optional.of(true),
            Optional.empty(),
            false,
            List.of(Target.program("../../target/debug/multiple-daemons-example-node")));
    private final NodeLocation operators = new NodeLocation(
            "runtime-node",
            Optional.of("B"),
            Optional.of(false),
            Optional.of(EXAMPLE),
            false,
            List.of(Target.sharedLibrary("../../target/debug/multiple_daemons_example_operator")));

    @Test
    void shouldCheckOnlyWhatIsLocalWhenClientLoadsIt() {
        ClientFacts client = new ClientFacts(
                ClientFacts.Situation.OFFLINE_CHECK, OperatingSystem.LINUX, "/home/dev/multiple-daemons", false);

        ClientCheck onA = ClientRules.check(source, client);
        ClientCheck onB = ClientRules.check(operators, client);

        assertThat(onA.required())
                .extracting(FileSearch::candidates)
                .containsExactly(
                        List.of("/home/dev/multiple-daemons/../../target/debug/multiple-daemons-example-node"));
        assertThat(onB.required()).isEmpty();
        assertThat(onA.findings()).isEmpty();
        assertThat(onB.findings()).isEmpty();
        assertThat(onB.workingDirectory()).get().hasToString("'" + EXAMPLE + "'");
    }

    @Test
    void shouldFindOperatorInCheckoutOfMachineWhenItStarts() {
        String library = EXAMPLE + "/../../target/debug/libmultiple_daemons_example_operator.so";
        ExecutorFacts machineB = new ExecutorFacts(
                "B",
                OperatingSystem.LINUX,
                "/var/lib/millrace",
                "/home/miyamo",
                new SearchPath(Optional.empty(), List.of("/usr/bin")),
                true,
                false,
                new FakeFiles(PathSyntax.POSIX).directory(EXAMPLE).file(library));
        JobFacts job = new JobFacts("job", "/home/dev/multiple-daemons", false, (node, path) -> Optional.empty());

        Resolution resolution = ExecutorRules.resolve(operators, job, machineB);

        assertThat(resolution.findings()).isEmpty();
        assertThat(resolution.workingDirectory()).contains(EXAMPLE);
        assertThat(resolution.targets().get(0).files().get(0).found()).contains(library);
    }
}
