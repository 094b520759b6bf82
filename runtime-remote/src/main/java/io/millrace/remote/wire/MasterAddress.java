package io.millrace.remote.wire;

/** Where executors and clients reach a master. */
public record MasterAddress(String name, String host, int port) {
    @Override
    public String toString() {
        return name + " (" + host + ":" + port + ")";
    }
}
