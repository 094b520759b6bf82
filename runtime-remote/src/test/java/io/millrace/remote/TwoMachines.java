package io.millrace.remote;

/** The smallest dataflow on two machines: the application tells a driver on {@code a} what to send to a collector on {@code b}. */
public final class TwoMachines {
    public static final String FLOW = """
            name: flow
            queue_policy: backpressure
            nodes:
              - id: driver
                class: io.millrace.contract.nodes.Driver
                deploy: {machine: a}
                inputs: {command: millrace/app/driver}
                outputs: [out, report]
              - id: sink
                class: io.millrace.contract.nodes.Collector
                deploy: {machine: b}
                inputs: {in: driver/out}
                outputs: [report]
            """;

    private TwoMachines() {}
}
