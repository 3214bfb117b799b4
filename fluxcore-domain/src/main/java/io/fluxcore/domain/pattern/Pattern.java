package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.expression.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of events of one key to look for, in the terms of Apache Flink's pattern library:
 *
 * <pre>{@code
 * Pattern.begin("failed").where("action = 'login' and not ok").times(3)
 *     .notFollowedBy("reset").where("action = 'reset'")
 *     .followedBy("success").where("action = 'login' and ok")
 *     .within(Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>Methods such as {@link #where} and {@link #times} are about the stage that was added last.
 * Immutable: each method gives another pattern. Equal by value where it is portable. What is wrong
 * with a pattern is told by {@link #problems()}, all at once.
 */
public final class Pattern {
  private final List<PatternStage> stages;
  private final @Nullable Duration within;
  private final AfterMatchSkip skip;

  private Pattern(List<PatternStage> stages, @Nullable Duration within, AfterMatchSkip skip) {
    this.stages = List.copyOf(stages);
    this.within = within;
    this.skip = skip;
  }

  /** A pattern that begins with events of this name; every match is found. */
  public static Pattern begin(String name) {
    return begin(name, AfterMatchSkip.noSkip());
  }

  /** A pattern that begins with events of this name. */
  public static Pattern begin(String name, AfterMatchSkip skip) {
    return new Pattern(List.of(PatternStage.named(name, Contiguity.NEXT)), null, skip);
  }

  /** A pattern that begins with a group. */
  public static Pattern begin(Pattern group) {
    return begin(group, AfterMatchSkip.noSkip());
  }

  /** A pattern that begins with a group. */
  public static Pattern begin(Pattern group, AfterMatchSkip skip) {
    return new Pattern(List.of(PatternStage.ofGroup(group, Contiguity.NEXT)), null, skip);
  }

  /** A pattern of these stages: what front ends other than this builder make. */
  public static Pattern of(
      List<PatternStage> stages, @Nullable Duration within, AfterMatchSkip skip) {
    return new Pattern(stages, within, skip);
  }

  // --- Stages -----------------------------------------------------------------------------------

  public Pattern next(String name) {
    return append(PatternStage.named(name, Contiguity.NEXT));
  }

  public Pattern next(Pattern group) {
    return append(PatternStage.ofGroup(group, Contiguity.NEXT));
  }

  public Pattern followedBy(String name) {
    return append(PatternStage.named(name, Contiguity.FOLLOWED_BY));
  }

  public Pattern followedBy(Pattern group) {
    return append(PatternStage.ofGroup(group, Contiguity.FOLLOWED_BY));
  }

  public Pattern followedByAny(String name) {
    return append(PatternStage.named(name, Contiguity.FOLLOWED_BY_ANY));
  }

  public Pattern followedByAny(Pattern group) {
    return append(PatternStage.ofGroup(group, Contiguity.FOLLOWED_BY_ANY));
  }

  public Pattern notNext(String name) {
    return append(PatternStage.named(name, Contiguity.NOT_NEXT));
  }

  /** As the last stage it needs {@link #within}: it matches when the time is over. */
  public Pattern notFollowedBy(String name) {
    return append(PatternStage.named(name, Contiguity.NOT_FOLLOWED_BY));
  }

  // --- Conditions -------------------------------------------------------------------------------

  /**
   * Events of the stage satisfy an expression, beside what was asked before. It may name fields of
   * other stages, see {@link StageExpression}: {@code price > first(start.price)}.
   */
  public Pattern where(String expression) {
    return where(PatternCondition.of(expression));
  }

  public Pattern where(Condition condition) {
    return where(PatternCondition.of(condition));
  }

  /** Code about the event alone; it must be stateless or thread-safe. */
  public Pattern where(Predicate<Event> predicate) {
    return where(new PatternCondition.OfEvent(Condition.custom(predicate)));
  }

  /** Code about the event and those before it in the match. */
  public Pattern where(StageCondition code) {
    return where(new PatternCondition.OfMatch(code));
  }

  public Pattern where(PatternCondition condition) {
    return last(
        stage ->
            stage.with(
                stage.condition() == null
                    ? condition
                    : PatternCondition.and(stage.condition(), condition)));
  }

  /** Or events of the stage satisfy this. */
  public Pattern or(String expression) {
    return or(PatternCondition.of(expression));
  }

  public Pattern or(Condition condition) {
    return or(PatternCondition.of(condition));
  }

  public Pattern or(Predicate<Event> predicate) {
    return or(new PatternCondition.OfEvent(Condition.custom(predicate)));
  }

  public Pattern or(StageCondition code) {
    return or(new PatternCondition.OfMatch(code));
  }

  public Pattern or(PatternCondition condition) {
    return last(
        stage ->
            stage.with(
                stage.condition() == null
                    ? condition
                    : PatternCondition.or(stage.condition(), condition)));
  }

  /** The event that ends the loop of the stage. */
  public Pattern until(String expression) {
    return until(PatternCondition.of(expression));
  }

  public Pattern until(Condition condition) {
    return until(PatternCondition.of(condition));
  }

  public Pattern until(Predicate<Event> predicate) {
    return until(new PatternCondition.OfEvent(Condition.custom(predicate)));
  }

  public Pattern until(StageCondition code) {
    return until(new PatternCondition.OfMatch(code));
  }

  public Pattern until(PatternCondition condition) {
    return last(stage -> stage.withUntil(condition));
  }

  // --- Quantifiers ------------------------------------------------------------------------------

  public Pattern times(int times) {
    return times(times, times);
  }

  /** At least and at most so many; from 0, the stage is optional. */
  public Pattern times(int from, int to) {
    return quantified(q -> q.times(from, to, null));
  }

  /** The same, with less than this time between two events. */
  public Pattern times(int from, int to, Duration gap) {
    return quantified(q -> q.times(from, to, gap));
  }

  public Pattern timesOrMore(int times) {
    return times(times, Quantifier.UNBOUNDED);
  }

  public Pattern timesOrMore(int times, Duration gap) {
    return times(times, Quantifier.UNBOUNDED, gap);
  }

  public Pattern oneOrMore() {
    return timesOrMore(1);
  }

  public Pattern oneOrMore(Duration gap) {
    return timesOrMore(1, gap);
  }

  public Pattern optional() {
    return quantified(Quantifier::asOptional);
  }

  /** Takes as many events as there are. */
  public Pattern greedy() {
    return quantified(Quantifier::asGreedy);
  }

  /** The events of the stage follow each other directly. */
  public Pattern consecutive() {
    return quantified(q -> q.with(Contiguity.NEXT));
  }

  /** Events that fit the stage may be passed over, too. */
  public Pattern allowCombinations() {
    return quantified(q -> q.with(Contiguity.FOLLOWED_BY_ANY));
  }

  // --- Time and skipping ------------------------------------------------------------------------

  /** A match takes less than this time, from its first event to its last. */
  public Pattern within(Duration time) {
    return new Pattern(stages, within == null || time.compareTo(within) < 0 ? time : within, skip);
  }

  /** The time is about the whole pattern, or about the stage that was added last. */
  public Pattern within(Duration time, WithinScope scope) {
    return scope == WithinScope.FIRST_AND_LAST
        ? within(time)
        : last(stage -> stage.withinPrevious(time));
  }

  public Pattern skip(AfterMatchSkip newSkip) {
    return new Pattern(stages, within, newSkip);
  }

  private Pattern append(PatternStage stage) {
    List<PatternStage> more = new ArrayList<>(stages);
    more.add(stage);
    return new Pattern(more, within, skip);
  }

  private Pattern quantified(UnaryOperator<Quantifier> change) {
    return last(stage -> stage.with(change.apply(stage.quantifier())));
  }

  private Pattern last(UnaryOperator<PatternStage> change) {
    List<PatternStage> changed = new ArrayList<>(stages);
    changed.set(changed.size() - 1, change.apply(changed.get(changed.size() - 1)));
    return new Pattern(changed, within, skip);
  }

  // --- Readings ---------------------------------------------------------------------------------

  public List<PatternStage> stages() {
    return stages;
  }

  /** The time from the first to the last event is less than this; null for no bound. */
  public @Nullable Duration within() {
    return within;
  }

  public AfterMatchSkip skip() {
    return skip;
  }

  /** The names of all stages, those of groups too, in their order. */
  public Set<String> stageNames() {
    Set<String> names = new LinkedHashSet<>();
    for (PatternStage stage : stages) {
      if (stage.group() != null) {
        names.addAll(stage.group().stageNames());
      } else if (stage.name() != null) {
        names.add(stage.name());
      }
    }
    return names;
  }

  /** Whether it can be stored as text: there is no code in it. */
  public boolean isPortable() {
    return stages.stream().allMatch(PatternStage::isPortable);
  }

  /** All that is wrong with the pattern apart from what its conditions say about fields. */
  public List<Diagnostic> problems() {
    return new PatternCheck(this).problems();
  }

  /** One line: {@code a[x > 1] followedBy b+ within PT5M}. */
  public String describe() {
    return describeStages()
        + (within == null ? "" : " within " + within)
        + (skip.equals(AfterMatchSkip.noSkip()) ? "" : "; after a match " + skip);
  }

  String describeStages() {
    StringBuilder text = new StringBuilder();
    for (PatternStage stage : stages) {
      text.append(text.isEmpty() ? "" : " " + stage.contiguity().word() + " ").append(stage);
    }
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Pattern p
        && stages.equals(p.stages)
        && Objects.equals(within, p.within)
        && skip.equals(p.skip);
  }

  @Override
  public int hashCode() {
    return Objects.hash(stages, within, skip);
  }

  @Override
  public String toString() {
    return describe();
  }
}
