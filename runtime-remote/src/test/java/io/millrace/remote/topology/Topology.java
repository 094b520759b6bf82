package io.millrace.remote.topology;

/** Who is on which host; the client is on the first. */
enum Topology {
    ALL_ON_ONE_HOST(0, 0, 0),
    EXECUTOR_B_ELSEWHERE(0, 0, 1),
    BOTH_EXECUTORS_ELSEWHERE(0, 1, 2),
    MASTER_ELSEWHERE(1, 0, 0),
    MASTER_AND_EXECUTOR_B_ELSEWHERE(1, 0, 2),
    /** The master and executor A share a host, on which A reaches its master by the loopback address. */
    EVERYTHING_ELSEWHERE(1, 1, 2);

    static final int HOSTS = 3;
    static final int CLIENT = 0;

    private final int master;
    private final int executorA;
    private final int executorB;

    Topology(int master, int executorA, int executorB) {
        this.master = master;
        this.executorA = executorA;
        this.executorB = executorB;
    }

    int master() {
        return master;
    }

    int host(String machine) {
        return machine.equals("A") ? executorA : executorB;
    }

    boolean isLocal(String machine) {
        return host(machine) == CLIENT;
    }
}
