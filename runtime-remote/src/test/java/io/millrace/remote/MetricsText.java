package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Prometheus's text format, as strictly as a collector does. */
final class MetricsText {
    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_]+) .+");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_]+) (counter|gauge)");
    private static final String LABEL = "[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"";
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_]+)((?:\\{" + LABEL + "(?:," + LABEL + ")*})?) (-?[0-9.E]+|NaN|[+-]Inf)");

    private final Map<String, Double> samples = new LinkedHashMap<>();

    private MetricsText() {}

    static MetricsText parse(String text) {
        assertThat(text).endsWith("\n");
        MetricsText read = new MetricsText();
        String helped = "";
        String typed = "";
        for (String line : text.split("\n")) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            if (help.matches()) {
                helped = help.group(1);
            } else if (type.matches()) {
                typed = type.group(1);
                assertThat(typed).as("the name above it").isEqualTo(helped);
                assertThat(typed.endsWith("_total"))
                        .as(line)
                        .isEqualTo(type.group(2).equals("counter"));
            } else {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as("a sample: %s", line).isTrue();
                assertThat(sample.group(1)).isEqualTo(typed);
                Double former = read.samples.put(sample.group(1) + sample.group(2), Double.valueOf(sample.group(3)));
                assertThat(former).as("only one %s", line).isNull();
            }
        }
        return read;
    }

    /** @param sample its name, with labels as they are written */
    double value(String sample) {
        assertThat(samples).containsKey(sample);
        return samples.get(sample);
    }

    Map<String, Double> samples() {
        return samples;
    }
}
