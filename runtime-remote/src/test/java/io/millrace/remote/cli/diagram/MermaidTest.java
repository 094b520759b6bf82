package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MermaidTest {
    @Test
    void shouldGroupMachinesAndOperatorsWhenThereAreAny() {
        assertThat(Mermaid.of(Graphs.of(Graphs.ROBOT))).isEqualTo("""
                        flowchart LR
                            subgraph m0["machine rover"]
                                n0["camera<br>path #46;/bin/camera"]
                                n1["drive<br>class Drive"]
                            end
                            subgraph m1["machine edge-box"]
                                subgraph n2["perception"]
                                    n3["detect<br>python detect.py"]
                                    n4["track<br>class Tracker"]
                                end
                                n5["planner<br>class Planner"]
                            end
                            n6["monitor<br>class Monitor"]
                            n0 -->|"image \u2192 image<br>4"| n3
                            n4 -->|"hint \u2192 hint<br>call"| n3
                            n3 -->|"boxes \u2192 boxes<br>call"| n4
                            n4 -->|"objects \u2192 objects<br>latest"| n5
                            n1 -->|"feedback \u2192 feedback<br>10"| n5
                            n5 ==>|"path \u2192 path<br>100 backpressure"| n1
                            n0 -->|"status \u2192 status<br>10"| n6
                            f0(["30 Hz"]):::feed -.->|"tick"| n0
                            f1(["50 ms"]):::feed -.->|"tick"| n4
                            f2(["app/goal"]):::feed -.->|"goal"| n5
                            f3(["logs/warn"]):::feed -.->|"logs"| n6
                            classDef feed fill:#fdf0d5,stroke:#9a5b00,color:#5f3800
                        """);
    }

    @Test
    void shouldHideIdsBehindNamesWhenTheyAreWordsOfMermaid() {
        String text = Mermaid.of(Graphs.of("""
                nodes:
                  - {id: end, class: a.B, outputs: [subgraph]}
                  - {id: click, class: a.B, inputs: {style: end/subgraph}}
                """));

        assertThat(text).isEqualTo("""
                        flowchart LR
                            n0["end<br>class B"]
                            n1["click<br>class B"]
                            n0 -->|"subgraph \u2192 style<br>10"| n1
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\u00a7',
            value = {
                "plain_id-1.2/x, plain_id-1.2/x",
                "a\"b, a#34;b",
                "#quot;, #35;quot#59;",
                "<img src=x>, #60;img src#61;x#62;",
                "]-->evil[, #93;--#62;evil#91;",
                "%%{init}%%, #37;#37;#123;init#125;#37;#37;",
                "`md`, #96;md#96;",
                "1. list, 1#46; list",
                "- item, #45; item",
                "C:\\new, C:#92;#8203;new",
                "\u611f\u77e5, \u611f\u77e5"
            })
    void shouldEscapeWhenACharacterHasAMeaning(String text, String escaped) {
        assertThat(Mermaid.escape(text)).isEqualTo(escaped);
    }
}
