package io.fluxcore.infrastructure.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.RegexMatch;
import io.fluxcore.domain.expression.RegexProgram;
import org.junit.jupiter.api.Test;

class Re2RegexCompilerTest {
  private final Re2RegexCompiler compiler = new Re2RegexCompiler();

  @Test
  void aPatternIsARegularExpression_notASubstring() {
    RegexProgram program = compiler.compile("^a.c$");

    assertThat(program.find("abc")).isTrue();
    assertThat(program.find("a.c!")).isFalse();
    assertThat(compiler.compile("b").matches("abc")).isFalse();
    assertThat(compiler.compile("b").find("abc")).isTrue();
  }

  @Test
  void namedGroups_inBothSpellings() {
    for (String pattern : new String[] {"(?<host>\\S+) (?<n>\\d+)", "(?P<host>\\S+) (?P<n>\\d+)"}) {
      RegexMatch match = compiler.compile(pattern).match("example 42");

      assertThat(match).isNotNull();
      assertThat(match.group("host")).isEqualTo("example");
      assertThat(match.group("n")).isEqualTo("42");
      assertThat(match.group(0)).isEqualTo("example 42");
    }
  }

  @Test
  void anEscapedParenthesis_isNoGroup() {
    assertThat(compiler.compile("\\(?<a").find("<a")).isTrue();
  }

  @Test
  void aGroupThatTookNoPart_isNull() {
    RegexMatch match = compiler.compile("a(b)?").match("a");

    assertThat(match).isNotNull();
    assertThat(match.group(1)).isNull();
  }

  @Test
  void findFirst_andReplaceAll() {
    RegexProgram program = compiler.compile("(\\d)(\\d)");

    assertThat(program.findFirst("x12y34")).isNotNull();
    assertThat(program.findFirst("none")).isNull();
    assertThat(program.replaceAll("x12y34", "$2$1")).isEqualTo("x21y43");
    assertThat(program.groupCount()).isEqualTo(2);
  }

  @Test
  void aBadPattern_isAnErrorOfTheUser() {
    assertThatThrownBy(() -> compiler.compile("a(b"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-REGEX-0001")
        .hasMessageContaining("a(b");
    assertThatThrownBy(() -> compiler.compile("(a)\\1")).isInstanceOf(FluxCoreException.class);
  }

  @Test
  void aPatternThatExplodesElsewhere_isLinear() {
    assertThat(compiler.compile("(a*)*b").find("a".repeat(50_000))).isFalse();
  }
}
