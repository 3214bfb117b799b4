package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with the shape of a pattern. */
final class PatternCheck {
  private final Pattern pattern;
  private final Set<String> names = new HashSet<>();
  private final List<Diagnostic> problems = new ArrayList<>();

  PatternCheck(Pattern pattern) {
    this.pattern = pattern;
  }

  List<Diagnostic> problems() {
    check(pattern, true);
    positive("the pattern", "within", pattern.within());
    skip(pattern.skip());
    return List.copyOf(problems);
  }

  private void check(Pattern part, boolean whole) {
    List<PatternStage> stages = part.stages();
    if (stages.isEmpty()) {
      problem("FLX-PATTERN-0001", "the pattern", "it has no stage", "begin with one");
      return;
    }
    for (int i = 0; i < stages.size(); i++) {
      PatternStage stage = stages.get(i);
      String place = place(stage);
      name(stage, place);
      if (stage.contiguity().isNegated()) {
        negated(part, i, place, whole);
      }
      quantifier(stage, place);
      positive(place, "within", stage.withinPrevious());
      positive(place, "the gap of its loop", stage.quantifier().gap());
      if (stage.group() != null) {
        group(stage.group(), place);
      }
    }
  }

  private static String place(PatternStage stage) {
    return stage.group() == null
        ? "stage '" + stage.name() + "'"
        : "group (" + stage.group().describeStages() + ")";
  }

  private void name(PatternStage stage, String place) {
    String name = stage.name();
    if (name == null) {
      return;
    }
    if (name.isBlank()) {
      problem("FLX-PATTERN-0002", place, "its name is blank", "give it a name");
    } else if (!names.add(name)) {
      problem(
          "FLX-PATTERN-0002",
          place,
          "there are two stages of this name",
          "give one of them another name");
    }
  }

  private void negated(Pattern part, int at, String place, boolean whole) {
    PatternStage stage = part.stages().get(at);
    String word = stage.contiguity().word();
    if (at == 0) {
      problem(
          "FLX-PATTERN-0003",
          place,
          "a pattern cannot begin with " + word,
          "begin with events that must be there");
      return;
    }
    if (!stage.quantifier().equals(Quantifier.ONE) || stage.until() != null) {
      problem(
          "FLX-PATTERN-0003",
          place,
          word + " says that no event comes, so it has no quantifier, but it has " + stage,
          "take the quantifier away");
    }
    if (part.stages().get(at - 1).quantifier().optional()) {
      problem(
          "FLX-PATTERN-0003",
          place,
          word + " after an optional stage is not defined",
          "make two patterns of it, with and without the optional stage");
    }
    boolean isLast = at == part.stages().size() - 1;
    if (isLast && stage.contiguity() == Contiguity.NOT_FOLLOWED_BY) {
      if (!whole) {
        problem(
            "FLX-PATTERN-0004",
            place,
            "a group cannot end with notFollowedBy",
            "put the stage behind the group");
      } else if (part.within() == null && stage.withinPrevious() == null) {
        problem(
            "FLX-PATTERN-0004",
            place,
            "a pattern that ends with notFollowedBy never matches without a time",
            "say within which time no such event may come: within(…)");
      }
    }
  }

  private void quantifier(PatternStage stage, String place) {
    Quantifier quantifier = stage.quantifier();
    if (quantifier.min() < 1 || quantifier.max() < quantifier.min()) {
      problem(
          "FLX-PATTERN-0005",
          place,
          "times("
              + quantifier.min()
              + ", "
              + quantifier.max()
              + ") is not a range of numbers from 0",
          "give a smaller number, then a larger one");
    }
    if (quantifier.max() > PatternProgram.MAX_TIMES && quantifier.max() != Quantifier.UNBOUNDED) {
      problem(
          "FLX-PATTERN-0005",
          place,
          quantifier.max() + " times is more than " + PatternProgram.MAX_TIMES,
          "use oneOrMore with a condition on the number of events: count(…)");
    }
    if (!quantifier.isRepeated()
        && (quantifier.greedy()
            || quantifier.gap() != null
            || quantifier.inner() != Contiguity.FOLLOWED_BY)) {
      problem(
          "FLX-PATTERN-0006",
          place,
          "greedy, consecutive, allowCombinations and a gap are about several events, but there is"
              + " one",
          "add times or oneOrMore, or take them away");
    }
    if (quantifier.greedy() && stage.group() != null) {
      problem(
          "FLX-PATTERN-0006", place, "a group cannot be greedy", "make its stages greedy instead");
    }
    if (stage.until() != null && !quantifier.isLooping()) {
      problem(
          "FLX-PATTERN-0006",
          place,
          "until ends a loop, but the stage has an upper bound",
          "use oneOrMore or timesOrMore");
    }
  }

  private void group(Pattern group, String place) {
    if (group.within() != null || group.skip().strategy() != AfterMatchSkip.Strategy.NO_SKIP) {
      problem(
          "FLX-PATTERN-0007",
          place,
          "within and skipping are about the whole pattern, not about a group",
          "set them on the pattern");
    }
    if (!group.stages().isEmpty() && group.stages().get(0).quantifier().optional()) {
      problem(
          "FLX-PATTERN-0007",
          place,
          "the first stage of a group cannot be optional",
          "make the whole group optional, or begin it with another stage");
    }
    check(group, false);
  }

  private void positive(String place, String what, @Nullable Duration time) {
    if (time != null && time.toMillis() < 1) {
      problem(
          "FLX-PATTERN-0008",
          place,
          what + " is " + time + ", less than a millisecond",
          "give a longer time");
    }
  }

  private void skip(AfterMatchSkip skip) {
    if (skip.strategy().hasStage() && !names.contains(skip.stage() == null ? "" : skip.stage())) {
      problem(
          "FLX-PATTERN-0009",
          "the pattern",
          "after a match it skips to '" + skip.stage() + "', which is none of its stages " + names,
          "name a stage of the pattern");
    }
  }

  private void problem(String code, String place, String message, String remedy) {
    problems.add(Diagnostic.error(code, Place.of(place), message, remedy));
  }
}
