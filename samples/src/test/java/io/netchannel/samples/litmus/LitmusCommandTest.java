package io.netchannel.samples.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** herd's summary, comparison with a reference, and files that can't be run beside others that can. */
final class LitmusCommandTest {

    private static final String STORE_BUFFERING = """
            X86_64 SB
            {}
             P0            | P1            ;
             movl $1,(x)   | movl $1,(y)   ;
             movl (y),%eax | movl (x),%eax ;
            exists (0:rax=0 /\\ 1:rax=0)
            """;
    private static final String STATES = "0:rax=0; 1:rax=0; | 0:rax=0; 1:rax=1; | 0:rax=1; 1:rax=0; | 0:rax=1; 1:rax=1;";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeTest() throws IOException {
        write("suite/SB.litmus", STORE_BUFFERING);
    }

    private void write(final String name, final String text) throws IOException {
        final Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private int run(final String... args) {
        return new CommandLine(new LitmusCommand()).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true)).execute(args);
    }

    private String suite() {
        return folder.resolve("suite").toString();
    }

    private String reference(final String observation, final String states) throws IOException {
        write("suite/expected.tsv",
                "file\tobservation\tstates\tfinal states\nSB.litmus\t" + observation + "\t4\t" + states + "\n");
        return folder.resolve("suite/expected.tsv").toString();
    }

    @Test
    void shouldPrintHerdsSummary() {
        assertThat(run(suite())).isEqualTo(CommandLine.ExitCode.OK);
        assertThat(out.toString().lines()).contains("Test SB Allowed", "States 4", "0:rax=0; 1:rax=0;", "Ok",
                "Witnesses", "Positive: 1 Negative: 3", "Condition exists (0:rax=0 /\\ 1:rax=0)",
                "Observation SB Sometimes 1 3");
    }

    @Test
    void shouldAgreeWithTheReference() throws IOException {
        assertThat(run("-q", "--expected", reference("Sometimes", STATES), suite())).isEqualTo(0);
        assertThat(out.toString().lines())
                .containsExactly("litmus: 1 tests, 1 agree, 0 disagree, 0 not run, 0 without reference");
    }

    @Test
    void shouldNameEachFileThatDisagrees() throws IOException {
        assertThat(run("-q", "--expected", reference("Never", STATES), suite())).isEqualTo(1);
        assertThat(out.toString()).contains("SB.litmus: observation Sometimes, expected Never", "1 disagree");
    }

    @Test
    void shouldRunTheOtherFilesWhenSomeAreWrong() throws IOException {
        write("suite/A.litmus", "This is no test");
        write("suite/B.litmus", STORE_BUFFERING.replace("movl $1,(x)  ", "frob $1,(x)  "));
        write("suite/C.litmus", STORE_BUFFERING.replace("0:rax=0 /\\", "0:rfoo=0 /\\"));
        assertThat(run(suite())).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString().lines()).hasSize(3)
                .anyMatch(line -> line.endsWith("A.litmus:1: This: not a litmus test: AArch64 or X86_64 expected"))
                .anyMatch(line -> line.endsWith("B.litmus:4: frob $1,(x): unknown instruction frob"))
                .anyMatch(line -> line.endsWith("C.litmus:6: 0:rfoo: unknown register"));
        assertThat(out.toString()).contains("Test SB Allowed");
    }

    @Test
    void shouldRefuseAReferenceInAnotherFormat() throws IOException {
        write("other.tsv", "SB.litmus Never");
        assertThat(run("--expected", folder.resolve("other.tsv").toString(), suite())).isNotZero();
    }
}
