package io.millrace.remote.wire;

/** How values of one type are written. Immutable once {@link Forms} has made it. */
interface Form {
    /** @param value of the form's type: anything else is refused */
    void write(Object value, WireWriter writer);

    Object read(WireReader reader);
}
