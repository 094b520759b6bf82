package io.millrace.benchmarks.peers;

import java.util.List;

/** What the report says whatever was found. */
final class PageText {
    static final List<String> HEAD = """
            # Performance

            Millrace beside what one would use instead, through the public API of node authors. `benchmarks/peers` writes this page, and works out from its run what it says of a budget. Where chapters were put in from other runs, "This run" says which.

            ```console
            benchmarks/peers            # five JVMs for each row, in turns, about an hour; writes docs/performance.md
            benchmarks/peers --quick    # a short one of each, two to three minutes: to see that everything works, not to quote
            benchmarks/peers --only three-nodes --out /dev/stdout
            benchmarks/run              # round trip and throughput once more, by JMH, with the ratios to either use of the bare ring
            ```

            How it is measured:

            - Each row in a JVM of its own, the rows of a table in turns (A B A B), medians of all JVMs with the least and the most of them.
            - A JVM beside which others used more than 3 % of the cores is run again, and marked with **!** if that does not help.
            - Latency is open loop: messages are due at a fixed rate, and their time counts from when they were due, so that a pause shows in every message that it held up. Only the round trip is closed loop.
            - Every message is checked by its receiver: first and last bytes, order, and that none is missing.
            - Budgets are ratios of medians of one run. Quote ratios, not times; promise nothing beyond p99 on a machine of two cores.
            """.lines().toList();

    static final List<String> TAIL = """

            ## What two cores cannot show

            - **Tails.** With both cores spinning, nobody's p99.9 is better than the floor, which is a matter of the system. More rates and more spinning threads than cores measure the scheduler.
            - **Busy-spin with three nodes.** A third spinning thread costs everybody milliseconds, ours and the peers'. So chains are compared with threads that sleep or yield, and spinning ones with two threads only.
            - **Aeron IPC** needs a driver, a third thread. Here it sleeps and looks at the positions once a millisecond, with a buffer large enough that the sender does not wait for it; a driver that spins would take the core of one of the two.
            - **Disruptor and JCTools** carry references to preallocated events. To compare like with like, each message is copied into its event and read there; who can do without the copy is faster than these rows.
            - **Jet and Pekko** box every long and schedule many tasks on few threads: with two cores their strength, which is many tasks, does not show. Jet's source is one of its pipeline API, not a connector.
            - **The source in an open loop** spins on the clock, for a sleeping one would be late itself. In a row of three nodes it takes half of this machine, for all alike.
            - **Ten thousand threads** start and stop here, at the cost of their memory and of a scheduler that has them all in its queues; where the system allows fewer, the row says why. Who has so many nodes lets
              reactive ones share threads.
            - **NUMA, core pinning, sockets, more than one producer**: not on this machine.
            """.lines().toList();

    private PageText() {}
}
