package io.millrace.remote.cli.diagram;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Graph;

/** Graphs for tests, from YAML as users write it. */
final class Graphs {
    private static final LoadOptions OPTIONS =
            LoadOptions.builder().checkPaths(false).build();

    /** Machines, operators, timers, application inputs, logs, all policies, a cycle, and names that would like to be markup. */
    static final String ROBOT = """
            name: robot <b>fleet</b> & "friends"
            nodes:
              - id: camera
                name: <i>Front</i>
                path: ./bin/camera
                deploy: {machine: rover}
                inputs: {tick: dora/timer/hz/30}
                outputs: [image, status]
              - id: perception
                deploy: {machine: edge-box}
                operators:
                  - id: detect
                    python: detect.py
                    inputs:
                      image: {source: camera/image, queue_size: 4}
                      hint: perception/track/hint
                    outputs: [boxes]
                  - id: track
                    class: com.acme.vision.Tracker
                    inputs:
                      boxes: perception/detect/boxes
                      tick: dora/timer/millis/50
                    outputs: [objects, hint]
              - id: planner
                class: com.acme.Planner
                deploy: {machine: edge-box}
                inputs:
                  objects: {source: perception/track/objects, queue_policy: latest}
                  goal: millrace/app/goal
                  feedback: drive/feedback
                outputs: [path]
              - id: drive
                class: com.acme.Drive
                deploy: {machine: rover}
                inputs:
                  path: {source: planner/path, queue_size: 100, queue_policy: backpressure, input_timeout: 0.5}
                outputs: [feedback]
              - id: monitor
                description: </title></svg><script>alert('x')</script>
                class: com.acme.Monitor
                inputs: {logs: dora/logs/warn, status: camera/status}
            """;

    private Graphs() {}

    static Graph of(String yaml) {
        return Dataflow.parse(yaml, OPTIONS).graph();
    }

    static Graph chain(int length) {
        StringBuilder yaml = new StringBuilder("nodes:\n  - {id: n0, class: a.B, outputs: [o]}\n");
        for (int i = 1; i < length; i++) {
            yaml.append("  - {id: n%d, class: a.B, inputs: {i: n%d/o}, outputs: [o]}\n".formatted(i, i - 1));
        }
        return of(yaml.toString());
    }
}
