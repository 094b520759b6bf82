package io.millrace.samples.marine;

import io.millrace.node.Event;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the voyage and, when nothing more comes, writes its figures and draws it.
 *
 * <ul>
 *   <li>{@code summary}: the figures, as JSON; {@code out/summary.json} unless said
 *   <li>{@code page}: the chart, one HTML file that needs nothing else; {@code out/voyage.html} unless said
 *   <li>{@code title}: what stands above the chart; {@code Voyage} unless said
 * </ul>
 *
 * Both paths are meant against the node's working directory. Either file is replaced as a whole or left as it was.
 */
public final class Chart implements Node {
    private final Voyage voyage = new Voyage();
    private Path summaryFile;
    private Path pageFile;
    private String title;

    @Override
    public void open(NodeContext context) throws IOException {
        summaryFile = context.workingDirectory().resolve(context.config().text("summary", "out/summary.json"));
        pageFile = context.workingDirectory().resolve(context.config().text("page", "out/voyage.html"));
        title = context.config().text("title", "Voyage");
        // Whoever cannot write should say so before hours of log have gone by.
        for (Path file : new Path[] {summaryFile, pageFile}) {
            Path directory = directoryOf(file);
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) {
                throw new IOException("node '" + context.nodeId() + "' may not write to '" + directory + "'");
            }
        }
    }

    @Override
    public void run(NodeContext context) throws IOException {
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            switch (event.type()) {
                case INPUT -> onMessage(event.input().id(), event.message());
                case NODE_FAILED -> voyage.onFailure();
                default -> {
                    // Inputs close one after the other; the last event is followed by null.
                }
            }
        }
        voyage.end();
        Summary summary = voyage.summary();
        replace(pageFile, new VoyagePage(title, voyage, summary).toHtml());
        replace(summaryFile, summary.toJson());
        context.logger().info("wrote {} and {}", summaryFile, pageFile);
    }

    private void onMessage(String input, Message message) {
        switch (input) {
            case "track" -> voyage.onTrack(Track.read(message));
            case "wind" -> voyage.onWind(Wind.read(message));
            case "depth" -> voyage.onDepth(Depth.read(message));
            case "alarm" -> voyage.onAlarm(Alarm.read(message));
            case "quality" -> voyage.onQuality(Quality.read(message));
            default -> throw new IllegalStateException("nothing is known of an input '" + input + "'");
        }
    }

    private static void replace(Path file, String content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            Files.writeString(unfinished, content, StandardCharsets.UTF_8);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static Path directoryOf(Path file) {
        Path absolute = file.toAbsolutePath();
        return Objects.requireNonNullElse(absolute.getParent(), absolute);
    }
}
