package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a filter asks of an event, as a typed value: what builders and job files write instead of
 * text. Every condition but {@link Custom} is portable: it is the same as an expression, and null
 * fields are treated as in one, so a comparison with a null field is neither true nor, negated,
 * true. Immutable.
 *
 * <p>Values are Boolean, Byte, Short, Integer, Long, Float, Double, BigDecimal, String, LocalDate,
 * LocalDateTime or Instant.
 */
public sealed interface Condition {
  /** The field equals the value. */
  static Condition equalTo(String field, Object value) {
    return new Compared(field, Relation.EQUALS, value);
  }

  /** The field differs from the value, and is not null. */
  static Condition notEqualTo(String field, Object value) {
    return new Compared(field, Relation.NOT_EQUALS, value);
  }

  static Condition greaterThan(String field, Object value) {
    return new Compared(field, Relation.GREATER, value);
  }

  static Condition greaterOrEqual(String field, Object value) {
    return new Compared(field, Relation.GREATER_OR_EQUAL, value);
  }

  static Condition lessThan(String field, Object value) {
    return new Compared(field, Relation.LESS, value);
  }

  static Condition lessOrEqual(String field, Object value) {
    return new Compared(field, Relation.LESS_OR_EQUAL, value);
  }

  /** The field is at least {@code low} and at most {@code high}. */
  static Condition between(String field, Object low, Object high) {
    return new Between(field, low, high);
  }

  /** The string has this part. */
  static Condition contains(String field, String part) {
    return new Contains(field, part);
  }

  /** The string begins so. */
  static Condition startsWith(String field, String prefix) {
    return new StartsWith(field, prefix);
  }

  /** Some part of the string matches the regular expression. */
  static Condition matching(String field, String pattern) {
    return new Matching(field, pattern);
  }

  static Condition isNull(String field) {
    return new IsNull(field);
  }

  /** The field equals one of the values. */
  static Condition in(String field, List<?> values) {
    return new In(field, List.copyOf(values));
  }

  /** The expression is true. */
  static Condition expression(String text) {
    return new Stated(Expression.parse(text));
  }

  /** All of these; without any, true. */
  static Condition and(Condition... conditions) {
    return new All(List.of(conditions));
  }

  /** One of these at least; without any, false. */
  static Condition or(Condition... conditions) {
    return new AtLeastOne(List.of(conditions));
  }

  static Condition not(Condition condition) {
    return new Not(condition);
  }

  /**
   * Code of the application; what it throws is an error of the row. The event is valid during the
   * call. It must be stateless or thread-safe, and is taken to be deterministic.
   */
  static Condition custom(Predicate<Event> predicate) {
    return new Custom(predicate);
  }

  /** The same as an expression; empty if there is code in it. */
  default Optional<Expression> toExpression() {
    return ConditionTranslation.toExpression(this);
  }

  /** Whether it can be stored as text. */
  default boolean isPortable() {
    return toExpression().isPresent();
  }

  /**
   * Binds this condition to the columns of a schema, code and all.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER that holds all that is
   *     wrong
   */
  default CompiledPredicate compile(Schema schema, ExpressionContext context) {
    return ConditionTranslation.compile(this, schema, context);
  }

  /** How a field and a value compare. */
  enum Relation {
    EQUALS,
    NOT_EQUALS,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL
  }

  /** A field compared with a value. */
  record Compared(String field, Relation relation, Object value) implements Condition {
    public Compared {
      ConditionTranslation.checkValue(field, value);
    }
  }

  /** A field between two values, both included. */
  record Between(String field, Object low, Object high) implements Condition {
    public Between {
      ConditionTranslation.checkValue(field, low);
      ConditionTranslation.checkValue(field, high);
    }
  }

  /** A string with a part. */
  record Contains(String field, String part) implements Condition {}

  /** A string with a beginning. */
  record StartsWith(String field, String prefix) implements Condition {}

  /** A string that matches in part. */
  record Matching(String field, String pattern) implements Condition {}

  /** A field without value. */
  record IsNull(String field) implements Condition {}

  /** A field that is one of some values. */
  record In(String field, List<?> values) implements Condition {
    public In {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("'" + field + "' cannot be in an empty list");
      }
      for (Object value : values) {
        ConditionTranslation.checkValue(field, value);
      }
    }
  }

  /** An expression. */
  record Stated(Expression expression) implements Condition {}

  /** All of some conditions. */
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }
  }

  /** At least one of some conditions. */
  record AtLeastOne(List<Condition> conditions) implements Condition {
    public AtLeastOne {
      conditions = List.copyOf(conditions);
    }
  }

  /** A condition denied. */
  record Not(Condition condition) implements Condition {}

  /** Code of the application. */
  record Custom(Predicate<Event> predicate) implements Condition {}
}
