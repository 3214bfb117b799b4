package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Trees of a wanted type over the fields of {@link RandomBatches}. */
final class RandomExpressions {
  private static final List<BinaryOperator> COMPARISONS =
      List.of(
          BinaryOperator.EQUAL,
          BinaryOperator.NOT_EQUAL,
          BinaryOperator.LESS,
          BinaryOperator.LESS_OR_EQUAL,
          BinaryOperator.GREATER,
          BinaryOperator.GREATER_OR_EQUAL,
          BinaryOperator.DISTINCT,
          BinaryOperator.NOT_DISTINCT);
  private static final List<Kind> COMPARED =
      List.of(
          Kind.LONG,
          Kind.DOUBLE,
          Kind.DECIMAL,
          Kind.STRING,
          Kind.BOOLEAN,
          Kind.DATE,
          Kind.TIMESTAMP);
  private static final List<Kind> NUMBERS = List.of(Kind.LONG, Kind.DOUBLE, Kind.DECIMAL);

  private final Random random;

  RandomExpressions(Random random) {
    this.random = random;
  }

  Node any(int depth) {
    return of(pick(COMPARED), depth);
  }

  Node of(Kind kind, int depth) {
    if (depth <= 0 || random.nextInt(8) == 0) {
      return leaf(kind);
    }
    if (random.nextInt(6) == 0) {
      return choice(kind, depth - 1);
    }
    return switch (kind) {
      case BOOLEAN -> condition(depth - 1);
      case LONG -> number(depth - 1);
      case DOUBLE -> floating(depth - 1);
      case DECIMAL -> decimal(depth - 1);
      case STRING -> text(depth - 1);
      default -> leaf(kind);
    };
  }

  private Node leaf(Kind kind) {
    return random.nextInt(3) == 0
        ? literal(RandomBatches.value(kind, random))
        : new Node.FieldReference(0, RandomBatches.field(kind, random));
  }

  private static Node literal(@Nullable Object value) {
    if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
      return new Node.Literal(0, 1.5);
    }
    return new Node.Literal(0, value);
  }

  private Node choice(Kind kind, int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> call("coalesce", of(kind, depth), of(kind, depth));
      case 1 -> call("if", of(Kind.BOOLEAN, depth), of(kind, depth), of(kind, depth));
      case 2 -> call("nullif", of(kind, depth), of(kind, depth));
      default -> caseOf(kind, depth);
    };
  }

  private Node caseOf(Kind kind, int depth) {
    List<Node.When> branches = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      branches.add(new Node.When(of(Kind.BOOLEAN, depth), of(kind, depth)));
    }
    return new Node.Case(0, null, branches, random.nextBoolean() ? of(kind, depth) : null);
  }

  private Node condition(int depth) {
    Kind kind = pick(COMPARED);
    return switch (random.nextInt(12)) {
      case 0, 1 -> logic(depth);
      case 2 -> new Node.Not(0, of(Kind.BOOLEAN, depth));
      case 3 -> new Node.Is(0, any(depth), Node.Truth.NULL, random.nextBoolean());
      case 4 ->
          new Node.Is(
              0,
              of(Kind.BOOLEAN, depth),
              random.nextBoolean() ? Node.Truth.TRUE : Node.Truth.FALSE,
              random.nextBoolean());
      case 5 ->
          new Node.Between(
              0, of(kind, depth), like(kind, depth), like(kind, depth), random.nextBoolean());
      case 6 -> in(kind, depth);
      case 7 ->
          new Node.Like(
              0,
              of(Kind.STRING, depth),
              random.nextInt(4) == 0 ? of(Kind.STRING, 0) : literal(pattern()),
              null,
              random.nextBoolean());
      case 8 ->
          call(
              random.nextBoolean() ? "starts_with" : "contains",
              of(Kind.STRING, depth),
              of(Kind.STRING, 0));
      default -> new Node.Binary(0, pick(COMPARISONS), of(kind, depth), like(kind, depth));
    };
  }

  /** Something that can be compared with values of the kind. */
  private Node like(Kind kind, int depth) {
    return of(NUMBERS.contains(kind) && random.nextInt(3) == 0 ? pick(NUMBERS) : kind, depth);
  }

  private String pattern() {
    StringBuilder pattern = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      pattern.append(pick(List.of("%", "%", "_", "a", "b", "😀")));
    }
    return pattern.toString();
  }

  /** Flat, as the parser makes it. */
  private Node logic(int depth) {
    boolean conjunction = random.nextBoolean();
    List<Node> terms = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(2); i++) {
      Node term = of(Kind.BOOLEAN, depth);
      if (term instanceof Node.Logic nested && nested.conjunction() == conjunction) {
        terms.addAll(nested.terms());
      } else {
        terms.add(term);
      }
    }
    return new Node.Logic(0, conjunction, terms);
  }

  private Node in(Kind kind, int depth) {
    List<Node> choices = new ArrayList<>();
    boolean literals = random.nextBoolean();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      choices.add(literals ? literal(RandomBatches.value(kind, random)) : of(kind, 1));
    }
    if (choices.size() > 1 && random.nextInt(4) == 0) {
      choices.add(new Node.Literal(0, null));
    }
    return new Node.In(0, of(kind, depth), choices, random.nextBoolean());
  }

  private Node number(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> new Node.Negation(0, of(Kind.LONG, depth));
      case 1 -> call("length", of(Kind.STRING, depth));
      case 2 -> call("abs", of(Kind.LONG, depth));
      case 3 ->
          call(
              random.nextBoolean() ? "greatest" : "least",
              of(Kind.LONG, depth),
              of(Kind.LONG, depth));
      default ->
          new Node.Binary(
              0, pick(RandomBatches.ARITHMETIC), of(Kind.LONG, depth), of(Kind.LONG, depth));
    };
  }

  private Node floating(int depth) {
    Kind other = pick(NUMBERS);
    return random.nextInt(5) == 0
        ? new Node.Negation(0, of(Kind.DOUBLE, depth))
        : new Node.Binary(
            0, pick(RandomBatches.ARITHMETIC), of(Kind.DOUBLE, depth), of(other, depth));
  }

  /** Shallow enough that 38 digits are never exceeded, and without division, which rounds. */
  private Node decimal(int depth) {
    Kind other = random.nextBoolean() ? Kind.LONG : Kind.DECIMAL;
    return switch (random.nextInt(4)) {
      case 0 -> new Node.Negation(0, leaf(Kind.DECIMAL));
      case 1 -> new Node.Binary(0, BinaryOperator.MULTIPLY, leaf(Kind.DECIMAL), leaf(Kind.DECIMAL));
      case 2 -> new Node.Binary(0, BinaryOperator.REMAINDER, leaf(Kind.DECIMAL), leaf(other));
      default ->
          new Node.Binary(
              0,
              random.nextBoolean() ? BinaryOperator.ADD : BinaryOperator.SUBTRACT,
              of(Kind.DECIMAL, Math.min(depth, 1)),
              leaf(other));
    };
  }

  private Node text(int depth) {
    return switch (random.nextInt(3)) {
      case 0 -> call("upper", of(Kind.STRING, depth));
      case 1 -> call("trim", of(Kind.STRING, depth));
      default ->
          new Node.Binary(
              0, BinaryOperator.CONCATENATE, of(Kind.STRING, depth), of(Kind.STRING, depth));
    };
  }

  private static Node call(String name, Node... arguments) {
    return new Node.Call(0, name, List.of(arguments));
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
