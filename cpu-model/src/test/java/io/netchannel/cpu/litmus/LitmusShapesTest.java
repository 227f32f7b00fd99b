package io.netchannel.cpu.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes beyond the catalogue, with what the architectures say of them. */
final class LitmusShapesTest {

    private static LitmusResult run(final String text) {
        return LitmusTest.parse(text).run();
    }

    private static LitmusResult messagePassing(final String publish, final String consume) {
        return run("AArch64 MP\n{0:X1=x; 0:X3=y; 0:X4=1; 1:X1=y; 1:X3=x; 1:X4=1; 1:X6=z;}\n P0 | P1 ;\n"
                + " STR W4,[X1] | LDR W0,[X1] ;\n " + publish + " | " + consume + " ;\n"
                + " STR W4,[X3] | LDR W2,[X3] ;\nexists (1:X0=1 /\\ 1:X2=0)");
    }

    @ParameterizedTest
    @CsvSource({"DMB SY, true", "DMB ISH, true", "DMB OSH, true", "DMB NSH, true", "DMB LD, false", "DMB ISHLD, false",
        "DMB ST, true", "DMB ISHST, true", "DMB OSHST, true", "DMB NSHST, true", "DSB SY, true", "DSB ST, true",
        "DSB LD, false", "ISB, false", "NOP, false"})
    void shouldOrderStoresByEachBarrier(final String barrier, final boolean isOrdered) {
        assertThat(messagePassing(barrier, "DMB SY").positive() == 0).isEqualTo(isOrdered);
    }

    @ParameterizedTest
    @CsvSource({"DMB SY, true", "DMB LD, true", "DMB ISHLD, true", "DSB LD, true", "DMB ST, false", "DSB ST, false",
        "ISB, false"})
    void shouldOrderLoadsByEachBarrier(final String barrier, final boolean isOrdered) {
        assertThat(messagePassing("DMB SY", barrier).positive() == 0).isEqualTo(isOrdered);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SWPAL W5,W7,[X6] | true", "LDADDAL W5,W7,[X6] | true",
        "LDADDA W5,W7,[X6] | false", "LDADDL W5,W7,[X6] | false", "CASAL W5,W4,[X6] | true", "STADD W5,[X6] | false"})
    void shouldTakeAnAtomicWithBothOrdersForABarrier(final String atomic, final boolean isOrdered) {
        assertThat(messagePassing("DMB SY", atomic).positive() == 0).isEqualTo(isOrdered);
    }

    @Test
    void shouldNotLoseAnIncrementOfAnExclusivePair() {
        final LitmusResult result = run("""
                AArch64 inc
                {0:X1=x; 1:X1=x;}
                 P0              | P1              ;
                 LDXR W0,[X1]    | LDXR W0,[X1]    ;
                 ADD W0,W0,#1    | ADD W0,W0,#1    ;
                 STXR W2,W0,[X1] | STXR W2,W0,[X1] ;
                exists (0:X2=0 /\\ 1:X2=0 /\\ x=1)
                """);
        assertThat(result.observation()).isEqualTo(LitmusResult.Observation.NEVER);
        // Both fail, one or the other, none: herd7 lets a store fail at will.
        assertThat(result.states()).hasSize(4);
    }

    @Test
    void shouldLetOneCompareAndSwapWin() {
        final LitmusResult result = run("""
                AArch64 cas
                {0:X1=x; 1:X1=x; 0:X2=1; 1:X2=2;}
                 P0             | P1             ;
                 CAS W0,W2,[X1] | CAS W0,W2,[X1] ;
                exists (0:X0=0 /\\ 1:X0=0)
                """);
        assertThat(result.states()).containsExactly("0:X0=0; 1:X0=1;", "0:X0=2; 1:X0=0;");
    }

    @Test
    void shouldFilterStatesAndObserveLocations() {
        final LitmusResult result = run("""
                AArch64 SB
                {0:X1=x; 0:X3=y; 1:X1=y; 1:X3=x;}
                 P0          | P1          ;
                 MOV W0,#1   | MOV W0,#1   ;
                 STR W0,[X1] | STR W0,[X1] ;
                 LDR W2,[X3] | LDR W2,[X3] ;
                locations [x;]
                filter (0:X2=0)
                ~exists (1:X2=0)
                """);
        assertThat(result.states()).containsExactly("0:X2=0; 1:X2=0; [x]=1;", "0:X2=0; 1:X2=1; [x]=1;");
        assertThat(result.isOk()).isFalse();
        assertThat(result.summary(0)).contains("Test SB Forbidden", "No", "Observation SB Sometimes 1 1");
    }

    @Test
    void shouldEndASpinLoop() {
        final LitmusResult result = run("""
                AArch64 spin
                {0:X1=x; 1:X1=x;}
                 P0           | P1             ;
                 MOV W0,#1    | L: LDR W0,[X1] ;
                 STR W0,[X1]  | CBZ W0,L       ;
                forall (1:X0=1)
                """);
        assertThat(result.observation()).isEqualTo(LitmusResult.Observation.ALWAYS);
        assertThat(result.hasCutLoop()).isTrue();
    }

    @Test
    void shouldCountALoopOfConstantsToItsEnd() {
        assertThat(run("AArch64 L\n{}\n P0 ;\n MOV W0,#9 ;\n L: SUBS W0,W0,#1 ;\n ADD W1,W1,#2 ;\n B.NE L ;\n"
                + "forall (0:X1=18)").observation()).isEqualTo(LitmusResult.Observation.ALWAYS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {"mfence ! true", "lfence ! false", "sfence ! false",
        "lock addl $0,(z) ! true", "lock incl (z) ! true", "lock xaddl %ecx,(z) ! true", "xchgl %ecx,(z) ! true",
        "lock cmpxchgl %ecx,(z) ! true", "addl $1,(z) ! false", "movl $1,%ecx ! false"})
    void shouldOrderAStoreBeforeALoadOnX86(final String between, final boolean isOrdered) {
        final LitmusResult result = run("X86_64 SB\n{}\n P0 | P1 ;\n movl $1,(x) | movl $1,(y) ;\n " + between + " | "
                + between + " ;\n movl (y),%eax | movl (x),%eax ;\nexists (0:rax=0 /\\ 1:rax=0)");
        assertThat(result.positive() == 0).isEqualTo(isOrdered);
        assertThat(result.states()).hasSize(isOrdered ? 3 : 4);
    }

    @ParameterizedTest
    @CsvSource({"lock incl (x), 1", "incl (x), 2"})
    void shouldRaceOnPlainIncrementsOnX86(final String increment, final int states) {
        assertThat(run("X86_64 inc\n{}\n P0 | P1 ;\n " + increment + " | " + increment + " ;\nexists (x=1)").states())
                .hasSize(states);
    }

    @Test
    void shouldBranchOnX86() {
        final LitmusResult result = run("""
                X86_64 jcc
                {}
                 P0            | P1            ;
                 movl $-1,(x)  | movl (x),%eax ;
                               | cmpl $0,%eax  ;
                               | jl L          ;
                               | movl $7,%ebx  ;
                               | L:            ;
                exists (1:rax=-1 /\\ 1:rbx=0)
                """);
        assertThat(result.states()).containsExactly("1:rax=-1; 1:rbx=0;", "1:rax=0; 1:rbx=7;");
    }
}
