package io.millrace.remote.metrics;

import java.util.HashSet;
import java.util.Set;

/** Figures in Prometheus's text format, version 0.0.4, as they are added. Not safe to share between threads. */
public final class MetricsPage {
    private final StringBuilder text = new StringBuilder();
    private final Set<String> names = new HashSet<>();

    /** What goes up and down. */
    public Family gauge(String name, String help) {
        return family(name, "gauge", help);
    }

    /** What only grows while what it is about is there; its name ends in {@code _total}. */
    public Family counter(String name, String help) {
        return family(name, "counter", help);
    }

    private Family family(String name, String type, String help) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("figure '" + name + "' is on this page already");
        }
        text.append("# HELP ").append(name).append(' ');
        escape(help, false);
        text.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
        return new Family(name);
    }

    private void escape(String written, boolean isQuoted) {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(isQuoted ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    /** All figures of one name. */
    public final class Family {
        private final String name;

        private Family(String name) {
            this.name = name;
        }

        /** @param labels names and values by turns */
        public Family add(long value, String... labels) {
            begin(labels);
            text.append(value).append('\n');
            return this;
        }

        /** Likewise. */
        public Family add(double value, String... labels) {
            begin(labels);
            text.append(Double.isFinite(value) ? Double.toString(value) : special(value))
                    .append('\n');
            return this;
        }

        private static String special(double value) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        private void begin(String[] labels) {
            if (labels.length % 2 != 0) {
                throw new IllegalArgumentException("label '" + labels[labels.length - 1] + "' has no value");
            }
            text.append(name);
            for (int i = 0; i < labels.length; i += 2) {
                text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
                escape(labels[i + 1], true);
                text.append('"');
            }
            text.append(labels.length == 0 ? " " : "} ");
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
