package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.graph.Graph;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlPageTest {
    private final String page = HtmlPage.of(Graphs.of(Graphs.ROBOT));

    private static List<String> all(String pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** The picture as a parser sees it: ill-formed markup does not get past it. */
    private static Document picture(String page) throws Exception {
        int begin = page.indexOf("<svg id=\"picture\"");
        String svg = page.substring(begin, page.indexOf("</main>"));
        String alone = svg.substring(0, svg.indexOf("</svg>") + "</svg>".length());
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(alone)));
    }

    private static List<Element> elements(Document document, String tag, String styleClass) {
        NodeList found = document.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .filter(element ->
                        List.of(element.getAttribute("class").split(" ", -1)).contains(styleClass))
                .toList();
    }

    @Test
    void shouldHaveABoxForEachNodeWhenDrawn() throws Exception {
        assertThat(elements(picture(page), "g", "box"))
                .extracting(box -> box.getAttribute("data-id"))
                .containsExactly("camera", "perception", "planner", "drive", "monitor");
    }

    @Test
    void shouldDrawOperatorsInsideTheirNodeWhenThereAreAny() throws Exception {
        Element perception = elements(picture(page), "g", "box").get(1);

        assertThat(perception.getTextContent()).contains("detect", "track", "python detect.py", "class Tracker");
    }

    @Test
    void shouldKeepOperatorsWithinTheirFrameWhenDrawn() throws Exception {
        Element perception = elements(picture(page), "g", "box").get(1);
        Element frame = elements(perception, "frame").get(0);
        double width = Double.parseDouble(frame.getAttribute("width"));
        double height = Double.parseDouble(frame.getAttribute("height"));

        assertThat(elements(perception, "operator")).hasSize(2).allSatisfy(panel -> {
            assertThat(number(panel, "x")).isNotNegative();
            assertThat(number(panel, "y")).isNotNegative();
            assertThat(number(panel, "x") + number(panel, "width")).isLessThan(width);
            assertThat(number(panel, "y") + number(panel, "height")).isLessThan(height);
        });
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static List<Element> elements(Element parent, String styleClass) {
        NodeList found = parent.getElementsByTagName("rect");
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .filter(element ->
                        List.of(element.getAttribute("class").split(" ", -1)).contains(styleClass))
                .toList();
    }

    @Test
    void shouldHaveABandForEachMachineWhenMachinesAreNamed() throws Exception {
        assertThat(elements(picture(page), "g", "lane"))
                .extracting(lane -> lane.getTextContent().strip())
                .containsExactly("machine rover", "machine edge-box", "any machine");
    }

    @Test
    void shouldHaveNoBandsWhenNoMachineIsNamed() throws Exception {
        assertThat(elements(picture(HtmlPage.of(Graphs.chain(3))), "g", "lane")).isEmpty();
    }

    @Test
    void shouldShowTimersQueuesAndFeedsWhenInputsHaveThem() throws Exception {
        assertThat(elements(picture(page), "g", "chip"))
                .extracting(chip -> chip.getTextContent().strip())
                .containsExactlyInAnyOrder(
                        "30 Hz",
                        "4",
                        "call",
                        "call",
                        "50 ms",
                        "latest",
                        "app/goal",
                        "10",
                        "100 backpressure",
                        "logs/warn",
                        "10");
    }

    @Test
    void shouldSayWhichEdgeAWireIsWhenThePointerRestsOnIt() throws Exception {
        assertThat(elements(picture(page), "g", "wire"))
                .extracting(wire -> wire.getElementsByTagName("title").item(0).getTextContent())
                .contains(
                        "planner/path -> drive/path\n    queue_size 100, backpressure, input_timeout 500 ms",
                        "perception/track/hint -> perception/detect/hint\n    queue_size 10, drop_oldest");
    }

    @Test
    void shouldBeTextAloneWhenNamesLookLikeMarkup() {
        assertThat(page)
                .contains("robot &lt;b&gt;fleet&lt;/b&gt; &amp; &quot;friends&quot;")
                .contains("&lt;/title&gt;&lt;/svg&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .doesNotContain("<b>", "<i>", "alert('x')");
        assertThat(all("<(script)", page)).hasSize(1);
    }

    @Test
    void shouldAllowItsOwnScriptAndStyleOnlyWhenOpened() throws Exception {
        String policy = all("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"", page)
                .get(0);

        assertThat(policy)
                .contains("default-src &#39;none&#39;")
                .contains("script-src &#39;"
                        + hash(all("<script>(.*)</script>", page).get(0)) + "&#39;")
                .contains("style-src &#39;"
                        + hash(all("<style>(.*)</style>", page).get(0)) + "&#39;");
        assertThat(all("(\\son[a-z]+=|\\sstyle=)", page)).isEmpty();
    }

    private static String hash(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    @Test
    void shouldNeedNothingElseWhenOpened() {
        assertThat(all("((?:src|href)=\"[^#][^\"]*\")", page)).isEmpty();
        assertThat(all("(https?://[^\"' ]*)", page)).containsOnly("http://www.w3.org/2000/svg");
        assertThat(page).doesNotContain("@import", "url(");
    }

    @Test
    void shouldListEveryEdgeWhenReadAsATable() {
        Graph graph = Graphs.of(Graphs.ROBOT);

        assertThat(graph.edges())
                .hasSize(7)
                .allSatisfy(
                        edge -> assertThat(page).contains("<td>" + edge.name().replace(">", "&gt;") + "</td>"));
    }

    @Test
    void shouldExplainOnlyWhatIsDrawnWhenThereIsALegend() {
        String plain = HtmlPage.of(Graphs.chain(2));

        assertThat(all("key-chip chip-([a-z-]+)", page))
                .containsExactly("drop-oldest", "backpressure", "latest", "direct");
        assertThat(all("key-chip chip-([a-z-]+)", plain)).containsExactly("drop-oldest");
    }

    @Test
    void shouldBeTheSameWhenDrawnTwice() {
        assertThat(HtmlPage.of(Graphs.of(Graphs.ROBOT))).isEqualTo(page);
    }

    @Test
    void shouldRefuseWhenAGraphIsTooLarge() {
        Graph graph = Graphs.chain(1_001);

        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(() -> HtmlPage.of(graph))
                .withMessage(
                        "the graph is too large for a page: it has 1001 nodes and operators and 1000 edges, the most are"
                                + " 1000 and 4000");
    }
}
