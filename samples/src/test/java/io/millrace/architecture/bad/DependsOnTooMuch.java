package io.millrace.architecture.bad;

import ch.qos.logback.classic.Level;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** Uses what belongs to one package each, and a library that belongs nowhere. */
public final class DependsOnTooMuch {
    List<Class<?>> everything() {
        return List.of(Yaml.class, UnsafeBuffer.class, Histogram.class, CommandLine.class, Level.class);
    }
}
