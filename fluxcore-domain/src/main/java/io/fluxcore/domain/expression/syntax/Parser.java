package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.syntax.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tree of a text by recursive descent, one method a level of precedence. Length and depth
 * are limited, so that no text, however hostile, exhausts the stack here or in what walks the tree
 * later.
 */
public final class Parser {
  public static final int MAX_LENGTH = 65_536;
  public static final int MAX_DEPTH = 200;

  private static final Map<String, BinaryOperator> COMPARISONS =
      Map.of(
          "=", BinaryOperator.EQUAL,
          "<>", BinaryOperator.NOT_EQUAL,
          "!=", BinaryOperator.NOT_EQUAL,
          "<", BinaryOperator.LESS,
          "<=", BinaryOperator.LESS_OR_EQUAL,
          ">", BinaryOperator.GREATER,
          ">=", BinaryOperator.GREATER_OR_EQUAL);
  private static final Map<String, BinaryOperator> CONCATENATION =
      Map.of("||", BinaryOperator.CONCATENATE);
  private static final Map<String, BinaryOperator> SUMS =
      Map.of("+", BinaryOperator.ADD, "-", BinaryOperator.SUBTRACT);
  private static final Map<String, BinaryOperator> PRODUCTS =
      Map.of(
          "*", BinaryOperator.MULTIPLY,
          "/", BinaryOperator.DIVIDE,
          "%", BinaryOperator.REMAINDER);

  private final TokenCursor cursor;
  private final PrimaryParser primary;
  private int depth;

  Parser(SourceText source, List<Token> tokens) {
    this.cursor = new TokenCursor(source, tokens);
    this.primary = new PrimaryParser(cursor, this);
  }

  /**
   * The tree of a text.
   *
   * @throws FluxCoreException of category USER if the text is not an expression
   */
  public static Node parse(String text) {
    SourceText source = new SourceText(text);
    if (text.length() > MAX_LENGTH) {
      throw FluxCoreException.user(
          "FLX-EXPR-0002",
          source.place(0),
          "the expression has " + text.length() + " characters; the limit is " + MAX_LENGTH,
          "compare with a table by a join or a lookup instead of a long list");
    }
    return new Parser(source, Lexer.tokens(source)).parseAll();
  }

  Node parseAll() {
    if (cursor.peek().kind() == Kind.END) {
      throw cursor.error(cursor.peek(), "the expression is empty", "write, for example, price > 5");
    }
    Node tree = expression();
    if (cursor.peek().kind() != Kind.END) {
      throw cursor.unexpected("an operator or the end of the text");
    }
    checkDepth(tree);
    return tree;
  }

  /** A chain such as {@code a + b + c …} is deep without having nested calls here. */
  private void checkDepth(Node tree) {
    record Level(Node node, int depth) {}
    Deque<Level> open = new ArrayDeque<>();
    open.push(new Level(tree, 1));
    while (!open.isEmpty()) {
      Level level = open.pop();
      if (level.depth > MAX_DEPTH) {
        throw tooDeep(tree.position());
      }
      for (Node child : level.node.children()) {
        open.push(new Level(child, level.depth + 1));
      }
    }
  }

  private FluxCoreException tooDeep(int offset) {
    return FluxCoreException.user(
        "FLX-EXPR-0002",
        cursor.place(offset),
        "the expression is nested more than " + MAX_DEPTH + " levels deep",
        "split it into several fields, one computed from the other");
  }

  Node expression() {
    enter();
    Node node = disjunction();
    depth--;
    return node;
  }

  private void enter() {
    if (++depth > MAX_DEPTH) {
      throw tooDeep(cursor.peek().offset());
    }
  }

  private Node disjunction() {
    Node first = conjunction();
    return cursor.isWord("or") ? logic(first, "or", false) : first;
  }

  private Node conjunction() {
    Node first = negation();
    return cursor.isWord("and") ? logic(first, "and", true) : first;
  }

  private Node logic(Node first, String word, boolean conjunction) {
    int position = cursor.peek().offset();
    List<Node> terms = new ArrayList<>();
    addTerm(terms, first, conjunction);
    while (cursor.takeWord(word)) {
      addTerm(terms, conjunction ? negation() : conjunction(), conjunction);
    }
    return new Node.Logic(position, conjunction, List.copyOf(terms));
  }

  private static void addTerm(List<Node> terms, Node term, boolean conjunction) {
    if (term instanceof Node.Logic nested && nested.conjunction() == conjunction) {
      terms.addAll(nested.terms());
    } else {
      terms.add(term);
    }
  }

  private Node negation() {
    if (!cursor.isWord("not")) {
      return comparison();
    }
    int position = cursor.next().offset();
    enter();
    Node operand = negation();
    depth--;
    return new Node.Not(position, operand);
  }

  private Node comparison() {
    Node left = concatenation();
    Token operator = cursor.peek();
    BinaryOperator comparison = operatorOf(operator, COMPARISONS);
    if (comparison != null) {
      cursor.next();
      left = new Node.Binary(operator.offset(), comparison, left, concatenation());
      if (operatorOf(cursor.peek(), COMPARISONS) != null) {
        throw cursor.error(
            cursor.peek(), "comparisons cannot be chained", "write a < b and b < c, or between");
      }
    } else {
      left = membership(left);
    }
    while (cursor.isWord("is")) {
      left = is(left);
    }
    return left;
  }

  private Node membership(Node left) {
    Token start = cursor.peek();
    boolean negated = cursor.takeWord("not");
    if (cursor.takeWord("between")) {
      Node low = concatenation();
      cursor.expectWord("and", "between the bounds of 'between'");
      return new Node.Between(start.offset(), left, low, concatenation(), negated);
    }
    if (cursor.takeWord("in")) {
      return in(start, left, negated);
    }
    if (cursor.takeWord("like")) {
      Node pattern = concatenation();
      Node escape = cursor.takeWord("escape") ? concatenation() : null;
      return new Node.Like(start.offset(), left, pattern, escape, negated);
    }
    if (negated) {
      throw cursor.unexpected("'between', 'in' or 'like' after 'not'");
    }
    return left;
  }

  private Node in(Token start, Node left, boolean negated) {
    cursor.expectSymbol("(", "after 'in'");
    List<Node> choices = new ArrayList<>();
    do {
      choices.add(expression());
    } while (cursor.takeSymbol(","));
    cursor.expectSymbol(")", "or ',' in the list of 'in'");
    return new Node.In(start.offset(), left, List.copyOf(choices), negated);
  }

  private Node is(Node operand) {
    Token start = cursor.next();
    boolean negated = cursor.takeWord("not");
    if (cursor.takeWord("distinct")) {
      cursor.expectWord("from", "after 'is distinct'");
      BinaryOperator operator = negated ? BinaryOperator.NOT_DISTINCT : BinaryOperator.DISTINCT;
      return new Node.Binary(start.offset(), operator, operand, concatenation());
    }
    for (Node.Truth truth : Node.Truth.values()) {
      if (cursor.takeWord(truth.name())) {
        return new Node.Is(start.offset(), operand, truth, negated);
      }
    }
    throw cursor.unexpected("'null', 'true', 'false' or 'distinct from' after 'is'");
  }

  Node concatenation() {
    Node left = sum();
    for (; ; ) {
      Token token = cursor.peek();
      BinaryOperator operator = operatorOf(token, CONCATENATION);
      if (operator == null) {
        return left;
      }
      cursor.next();
      left = new Node.Binary(token.offset(), operator, left, sum());
    }
  }

  private Node sum() {
    Node left = product();
    for (; ; ) {
      Token token = cursor.peek();
      BinaryOperator operator = operatorOf(token, SUMS);
      if (operator == null) {
        return left;
      }
      cursor.next();
      left = new Node.Binary(token.offset(), operator, left, product());
    }
  }

  private Node product() {
    Node left = signed();
    for (; ; ) {
      Token token = cursor.peek();
      BinaryOperator operator = operatorOf(token, PRODUCTS);
      if (operator == null) {
        return left;
      }
      cursor.next();
      left = new Node.Binary(token.offset(), operator, left, signed());
    }
  }

  private Node signed() {
    if (!cursor.isSymbol("-")) {
      return primary.withAccesses();
    }
    Token minus = cursor.next();
    if (primary.isNumber()) {
      return primary.number(minus);
    }
    enter();
    Node operand = signed();
    depth--;
    return new Node.Negation(minus.offset(), operand);
  }

  private static @Nullable BinaryOperator operatorOf(
      Token token, Map<String, BinaryOperator> operators) {
    return token.kind() == Kind.SYMBOL ? operators.get(token.text()) : null;
  }
}
