/** An application that embeds Millrace, and nothing else. */
module embeddedcheck {
    requires io.millrace.local;

    opens embeddedcheck to
            io.millrace.local; // which makes the nodes
}
