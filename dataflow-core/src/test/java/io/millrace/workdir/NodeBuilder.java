package io.millrace.workdir;

import java.util.List;
import java.util.Optional;

/** Writes down a node called {@code cam}, as a dataflow file would. */
final class NodeBuilder {
    private Optional<String> machine = Optional.empty();
    private Optional<Boolean> local = Optional.empty();
    private Optional<String> workingDir = Optional.empty();
    private boolean ship;

    static NodeBuilder node() {
        return new NodeBuilder();
    }

    NodeBuilder machine(String name) {
        machine = Optional.of(name);
        return this;
    }

    NodeBuilder local(boolean isLocal) {
        local = Optional.of(isLocal);
        return this;
    }

    NodeBuilder workingDir(String dir) {
        workingDir = Optional.of(dir);
        return this;
    }

    NodeBuilder ship() {
        ship = true;
        return this;
    }

    NodeLocation path(String path) {
        return runs(Target.program(path));
    }

    NodeLocation runs(Target... targets) {
        return new NodeLocation("cam", machine, local, workingDir, ship, List.of(targets));
    }
}
