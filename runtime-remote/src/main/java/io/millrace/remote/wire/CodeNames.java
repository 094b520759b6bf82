package io.millrace.remote.wire;

/** Names of what runs code: a node, or an operator of one as {@code NODE/OPERATOR}. */
public final class CodeNames {
    private CodeNames() {}

    /** Without the operator. */
    public static String nodeOf(String code) {
        int slash = code.indexOf('/');
        return slash < 0 ? code : code.substring(0, slash);
    }
}
