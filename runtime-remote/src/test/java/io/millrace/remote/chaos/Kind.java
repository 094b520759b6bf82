package io.millrace.remote.chaos;

/** What is done to the cluster in a round. */
enum Kind {
    LEADER("kill -9 of the leading master", "until another one leads"),
    FOLLOWER("kill -9 of another master", "until the next answer to a client"),
    EXECUTOR("kill -9 of an executor", "from its restart until all chains flow"),
    CLIENT("kill -9 of the client", "from its restart until the next acknowledged job"),
    CUT("a cut between any two", "from its end until all chains flow"),
    MASTERS("kill -9 of all masters", "from their restart until all chains flow"),
    PAUSE("SIGSTOP of an executor", "from SIGCONT until all chains flow");

    private final String words;
    private final String measured;

    Kind(String words, String measured) {
        this.words = words;
        this.measured = measured;
    }

    String words() {
        return words;
    }

    String measured() {
        return measured;
    }
}
