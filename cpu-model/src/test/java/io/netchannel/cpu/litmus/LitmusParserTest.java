package io.netchannel.cpu.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a file is said with its line and token, in one line. */
final class LitmusParserTest {

    private static String test(final String init, final String program, final String condition) {
        return "AArch64 T\n{\n" + init + "\n}\n P0 | P1 ;\n" + program + "\n" + condition + "\n";
    }

    private static LitmusException refusal(final String text) {
        final LitmusException[] refusal = new LitmusException[1];
        assertThatThrownBy(() -> LitmusTest.parse(text)).isInstanceOfSatisfying(LitmusException.class,
                e -> refusal[0] = e);
        return refusal[0];
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "package io.netchannel;      | 1: package: not a litmus test",
        "PPC MP                      | 1: PPC: architecture",
        "AArch64                     | 1: AArch64: the test has no name",
        "AArch64 T                   | end of file",
        "(* AArch64                  | the comment doesn't end",
    })
    void shouldRefuseWhatIsNoTest(final String text, final String message) {
        assertThat(refusal(text).getMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "FROB X1,X2                 ! 6: FROB X1,X2: unknown instruction FROB",
        "LDR W0,[W1]                ! 6: W1: 64-bit base register expected",
        "LDR W0,X1                  ! 6: X1: address in brackets expected",
        "MOV W31,#1                 ! 6: W31: register expected",
        "DMB FOO                    ! 6: FOO: SY, ISH",
        "CBZ W0,L9                  ! 6: L9: unknown label",
        "B.EQ                       ! operands=0, expected 1",
        "ADD X0,X1                  ! operands=2, expected 3",
        "TLBI ALLE1                 ! 6: TLBI ALLE1",
    })
    void shouldNameLineAndTokenOfAnInstruction(final String instruction, final String message) {
        assertThat(refusal(test("0:X1=x;", " " + instruction + " | ;", "exists (0:X0=1)")).getMessage())
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "exists (0:X77=1)           ! 7: 0:X77: unknown register",
        "exists (0:rax=1)           ! 7: 0:rax: unknown register",
        "exists (2:X0=1)            ! 7: 2:X0: there is no thread P2",
        "exists (0:X0 1)            ! 7: 1: '=' expected",
        "exists (0:X0=1             ! ')' expected",
        "exist (0:X0=1)             ! the row has no ';'",
        "~forall (0:X0=1)           ! exists, ~exists or forall expected",
    })
    void shouldNameLineAndTokenOfACondition(final String condition, final String message) {
        final String text = test("0:X1=x;", " NOP | ;", condition);
        assertThatThrownBy(() -> LitmusTest.parse(text)).isInstanceOf(LitmusException.class)
                .extracting(e -> e.getMessage().lines().count()).isEqualTo(1L);
        if (!condition.startsWith("exist (") && !condition.startsWith("~f")) {
            assertThat(refusal(text).getMessage()).contains(message);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "0:X1=x                     ! Variant=mixed",
        "0:X1=x                     ! Variant=memtag",
    })
    void shouldRefuseAVariantByName(final String init, final String setting) {
        final LitmusException refusal = refusal(
                "AArch64 T\n" + setting + "\n{" + init + "}\n P0 ;\n NOP ;\nexists (0:X0=1)");
        assertThat(refusal.reason()).isEqualTo(LitmusException.Reason.UNSUPPORTED);
        assertThat(refusal.line()).isEqualTo(2);
    }

    @Test
    void shouldRefuseAccessesThatOverlapInPart() {
        final LitmusTest test = LitmusTest
                .parse(test("uint64_t x; 0:X1=x; 1:X1=x;", " STR W0,[X1] | LDR W0,[X1,#2] ;", "exists (1:X0=1)"));
        assertThatThrownBy(test::run).isInstanceOfSatisfying(LitmusException.class,
                e -> assertThat(e.reason()).isEqualTo(LitmusException.Reason.UNSUPPORTED))
                .hasMessageContaining("mixed");
    }

    @Test
    void shouldRefuseALoopWithoutEnd() {
        final LitmusTest test = LitmusTest
                .parse(test("0:X1=x;", " MOV W0,#1 | ;\n L: CBNZ W0,L | ;", "exists (0:X0=1)"));
        assertThatThrownBy(test::run).isInstanceOfSatisfying(LitmusException.class,
                e -> assertThat(e.reason()).isEqualTo(LitmusException.Reason.TOO_LARGE));
    }

    @Test
    void shouldReadDocumentationCommentsAndSettings() {
        final LitmusTest test = LitmusTest.parse("""
                AArch64 A name with spaces
                "Rfe (* quoted *) Fre"
                Cycle=Rfe Fre
                (* a comment (* within *) another *)
                { int x=0x10; int64_t y[2]={1,-1}; 0:X1=x; 0:X2=y; }
                 P0           ;
                 LDR W0,[X1]  ; (* reads x *)
                 LDR X3,[X2,#8] ;
                locations [x; y[1];]
                exists (0:X0=16 /\\ ~(0:X3=0 \\/ false))
                """);
        assertThat(test.name()).isEqualTo("A name with spaces");
        final LitmusResult result = test.run();
        assertThat(result.states()).containsExactly("0:X0=16; 0:X3=-1; [x]=16; y[1]=-1;");
        assertThat(result.summary(20_000_000)).contains("Test A name with spaces Allowed", "States 1", "Ok",
                "Positive: 1 Negative: 0", "Condition exists (0:X0=16 /\\ not (0:X3=0 \\/ false))",
                "Observation A name with spaces Always 1 0", "Time A name with spaces 0.02");
    }
}
