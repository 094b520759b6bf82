package io.millrace.remote.cli;

/**
 * Where a process that {@code millrace up} has started is found, and under what name; written as a line.
 *
 * @param machineId of an executor; empty for a master
 */
record Place(String address, String machineId) {

    /** Reads what {@link #toString} writes. */
    static Place parse(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? new Place(line, "") : new Place(line.substring(0, space), line.substring(space + 1));
    }

    /** Behind the name of the process. */
    String words() {
        return machineId.isEmpty() ? "at " + address : "at " + address + " as machine '" + machineId + "'";
    }

    /** What has {@code millrace up} mean this place. */
    String options() {
        return machineId.isEmpty()
                ? "--master-addr " + address
                : "--executor-addr " + address + " --machine-id " + machineId;
    }

    @Override
    public String toString() {
        return machineId.isEmpty() ? address : address + " " + machineId;
    }
}
