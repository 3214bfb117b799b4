package io.fluxcore.infrastructure.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.RegexMatch;
import io.fluxcore.domain.expression.RegexProgram;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearRegexCompilerTest {
  private final RegexCompiler compiler = new LinearRegexCompiler();

  @Test
  void regexIsARegex_notASubstringNorAGlob() {
    RegexProgram program = compiler.compile("a.c|x+");
    assertThat(program.find("--abc--")).isTrue();
    assertThat(program.matches("--abc--")).isFalse();
    assertThat(program.matches("xxx")).isTrue();
    assertThat(program.find("a*c ac")).isTrue();
    assertThat(program.find("ac")).isFalse();
    assertThat(program.pattern()).isEqualTo("a.c|x+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?<host>[^ ]+) (?<port>\\d+)?", "(?P<host>[^ ]+) (?P<port>\\d+)?"})
  void groups_byNumberAndName(String pattern) {
    RegexProgram program = compiler.compile(pattern);
    assertThat(program.groupCount()).isEqualTo(2);
    RegexMatch whole = program.match("h 80");
    assertThat(whole).isNotNull();
    assertThat(whole.group(0)).isEqualTo("h 80");
    assertThat(whole.group("host")).isEqualTo("h");
    assertThat(whole.group(2)).isEqualTo("80");
    RegexMatch part = program.findFirst("h ");
    assertThat(part).isNotNull();
    assertThat(part.group("port")).isNull();
    assertThat(program.match("nothing")).isNull();
    assertThatThrownBy(() -> whole.group(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> whole.group("no")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void replaceAll_knowsGroupsAndEscapes() {
    RegexProgram program = compiler.compile("(?<a>\\w)(\\d)");
    assertThat(program.replaceAll("x1-y2", "$2${a}\\$")).isEqualTo("1x$-2y$");
    assertThatThrownBy(() -> program.replaceAll("x1", "$7"))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> program.replaceAll("x1", "${no}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unicode_isCountedInCharacters() {
    assertThat(compiler.compile("^.$").matches("\uD83D\uDE00")).isTrue();
    assertThat(compiler.compile("\\p{Lu}").find("\u0130")).isTrue();
    assertThat(compiler.compile("(?i)STRASSE").matches("strasse")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "a**",
        "[z-a]",
        "\\",
        "(?=x)y",
        "(?<!x)y",
        "(.)\\1",
        "x{1001}",
        "(?<a>.)(?<a>.)"
      })
  void malformedOrNotLinear_isAUserError(String pattern) {
    FluxCoreException e =
        catchThrowableOfType(FluxCoreException.class, () -> compiler.compile(pattern));
    assertThat(e).as(pattern).isNotNull();
    assertThat(e.category()).isEqualTo(ErrorCategory.USER);
    assertThat(e.code()).isEqualTo("FLX-REGEX-0001");
    assertThat(e.diagnostics().get(0).remedy()).isNotEmpty();
  }

  @Test
  void error_saysWhere() {
    FluxCoreException e =
        catchThrowableOfType(FluxCoreException.class, () -> compiler.compile("abc[z-a]"));
    assertThat(e.diagnostics().get(0).place()).isEqualTo(Place.at(1, 5));
  }

  @Test
  void patternsThatExplodeElsewhere_takeLinearTime() {
    RegexProgram program = compiler.compile("(a+)+$");
    String nasty = "a".repeat(100_000) + "!";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(program.find(nasty)).isFalse());
  }
}
