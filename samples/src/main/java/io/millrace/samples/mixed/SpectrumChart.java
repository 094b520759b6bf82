package io.millrace.samples.mixed;

import io.millrace.node.Event;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects both signals and their spectra and, when nothing more comes, writes the figures and draws them.
 *
 * <ul>
 *   <li>{@code summary}: the figures, as JSON; {@code out/summary.json} unless said
 *   <li>{@code page}: one HTML file that needs nothing else; {@code out/spectrum.html} unless said
 *   <li>{@code title}: what stands above it
 * </ul>
 *
 * Both paths are meant against the node's working directory. Either file is replaced as a whole or left as it was.
 */
public final class SpectrumChart implements Node {
    private final Signal depth = new Signal("depth", "m");
    private final Signal wind = new Signal("wind", "kn");
    private boolean isComplete = true;
    private Path summaryFile;
    private Path pageFile;
    private String title;

    @Override
    public void open(NodeContext context) throws IOException {
        summaryFile = context.workingDirectory().resolve(context.config().text("summary", "out/summary.json"));
        pageFile = context.workingDirectory().resolve(context.config().text("page", "out/spectrum.html"));
        title = context.config().text("title", "Spectra");
        Files.createDirectories(summaryFile.toAbsolutePath().getParent());
        Files.createDirectories(pageFile.toAbsolutePath().getParent());
    }

    @Override
    public void run(NodeContext context) throws IOException {
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            switch (event.type()) {
                case INPUT -> onMessage(event.input().id(), event.message());
                case NODE_FAILED -> isComplete = false;
                default -> {
                    // Inputs close one after the other; the last event is followed by null.
                }
            }
        }
        List<Signal> signals = List.of(wind, depth);
        replace(pageFile, new SpectrumPage(title, signals, isComplete).toHtml());
        replace(summaryFile, SpectrumSummary.of(signals, isComplete));
        context.logger().info("wrote {} and {}", summaryFile, pageFile);
    }

    private void onMessage(String input, Message message) {
        switch (input) {
            case "depth" -> depth.onBlock(Block.read(message));
            case "wind" -> wind.onBlock(Block.read(message));
            case "depth_spectrum" -> depth.onSpectrum(Spectrum.read(message));
            case "wind_spectrum" -> wind.onSpectrum(Spectrum.read(message));
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
}
