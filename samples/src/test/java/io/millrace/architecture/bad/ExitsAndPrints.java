package io.millrace.architecture.bad;

/** Behaves as if the process were its own. */
public final class ExitsAndPrints {
    void print(Exception failure) {
        System.out.println("out");
        System.err.println("err");
        failure.printStackTrace();
    }

    void exit() {
        System.exit(1);
    }

    void exitOtherwise() {
        Runtime.getRuntime().exit(1);
    }

    void halt() {
        Runtime.getRuntime().halt(1);
    }
}
