package io.millrace.local.agent;

import java.util.List;

/** Code of which a test overrides what it looks at. */
public abstract class SilentCode implements NodeCode {
    @Override
    public boolean isReactive() {
        return true;
    }

    @Override
    public void open() {}

    @Override
    public void start() {}

    @Override
    public int work() {
        return 0;
    }

    @Override
    public boolean isOver() {
        return true;
    }

    @Override
    public boolean hasWork() {
        return false;
    }

    @Override
    public boolean needsRoom() {
        return false;
    }

    @Override
    public long untilDueNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void close() {}

    @Override
    public String currentPart() {
        return "silent";
    }

    @Override
    public void onFailure(String error) {}

    @Override
    public void endPorts() {}

    @Override
    public void onRestarted() {}

    @Override
    public void retirePorts() {}

    @Override
    public boolean isLastEventOut() {
        return false;
    }

    @Override
    public boolean isExhausted() {
        return false;
    }

    @Override
    public void onNodeFailed(String node, String error, List<String> inputs) {}

    @Override
    public void onNodeRestarted(String node) {}

    @Override
    public void beginStop() {}

    @Override
    public void stop() {}
}
