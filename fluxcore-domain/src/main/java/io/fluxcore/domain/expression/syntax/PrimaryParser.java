package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operands: literals, fields and their parts, calls, casts, case and parentheses. */
final class PrimaryParser {
  private static final Set<String> TYPED_LITERALS = Set.of("date", "timestamp", "interval");
  private static final Set<String> TRIM_SIDES = Set.of("both", "leading", "trailing");

  private final TokenCursor cursor;
  private final Parser parser;
  private final LiteralParser literals;

  PrimaryParser(TokenCursor cursor, Parser parser) {
    this.cursor = cursor;
    this.parser = parser;
    this.literals = new LiteralParser(cursor);
  }

  boolean isNumber() {
    Kind kind = cursor.peek().kind();
    return kind == Kind.INTEGER || kind == Kind.DECIMAL || kind == Kind.DOUBLE;
  }

  Node number(@Nullable Token minus) {
    return literals.number(minus);
  }

  Node withAccesses() {
    Node node = primary();
    for (; ; ) {
      if (cursor.isSymbol(".")) {
        int position = cursor.next().offset();
        Token name = cursor.peek();
        if (name.kind() != Kind.NAME && name.kind() != Kind.QUOTED_NAME) {
          throw cursor.unexpected("a name after '.'");
        }
        node = new Node.Access(position, node, cursor.next().text());
      } else if (cursor.isSymbol("[")) {
        node = subscript(node);
      } else {
        return node;
      }
    }
  }

  private Node subscript(Node target) {
    int position = cursor.next().offset();
    Kind kind = cursor.peek().kind();
    Object value = kind == Kind.STRING ? cursor.peek().text() : literals.index();
    if (value != null && (kind == Kind.STRING || !value.equals(0L))) {
      cursor.next();
    } else {
      throw cursor.unexpected(
          "a string or a position in brackets", "positions count from 1, as in SQL");
    }
    cursor.expectSymbol("]", "after the key");
    return new Node.Access(position, target, value);
  }

  private Node primary() {
    Token token = cursor.peek();
    switch (token.kind()) {
      case INTEGER, DECIMAL, DOUBLE -> {
        return number(null);
      }
      case STRING -> {
        return new Node.Literal(token.offset(), cursor.next().text());
      }
      case QUOTED_NAME -> {
        return new Node.FieldReference(token.offset(), cursor.next().text());
      }
      case NAME -> {
        return named(token);
      }
      default -> {
        if (cursor.takeSymbol("(")) {
          Node inner = parser.expression();
          cursor.expectSymbol(")", "to close the parenthesis");
          return inner;
        }
        throw cursor.unexpected("a field, a literal or a function");
      }
    }
  }

  private Node named(Token token) {
    String word = token.lowerCase();
    switch (word) {
      case "true", "false" -> {
        cursor.next();
        return new Node.Literal(token.offset(), word.equals("true"));
      }
      case "null" -> {
        cursor.next();
        return new Node.Literal(token.offset(), null);
      }
      case "case" -> {
        return caseOf(cursor.next());
      }
      default -> {
        if (TokenCursor.isReserved(word)) {
          throw cursor.unexpected(
              "a field, a literal or a function",
              "a field of this name is written \"" + token.text() + "\"");
        }
      }
    }
    if (TYPED_LITERALS.contains(word) && cursor.peekSecond().kind() == Kind.STRING) {
      return literals.typed(cursor.next());
    }
    cursor.next();
    return cursor.takeSymbol("(")
        ? call(token, word)
        : new Node.FieldReference(token.offset(), token.text());
  }

  private Node caseOf(Token start) {
    Node operand = cursor.isWord("when") ? null : parser.expression();
    List<Node.When> branches = new ArrayList<>();
    while (cursor.takeWord("when")) {
      Node condition = parser.expression();
      cursor.expectWord("then", "after the condition of 'when'");
      branches.add(new Node.When(condition, parser.expression()));
    }
    if (branches.isEmpty()) {
      throw cursor.unexpected("'when' after 'case'");
    }
    Node otherwise = cursor.takeWord("else") ? parser.expression() : null;
    cursor.expectWord("end", "at the end of 'case'");
    return new Node.Case(start.offset(), operand, List.copyOf(branches), otherwise);
  }

  private Node call(Token name, String function) {
    return switch (function) {
      case "cast", "try_cast" -> cast(name, function.equals("try_cast"));
      case "extract" -> extract(name);
      case "position" -> position(name);
      case "substring" -> substring(name);
      case "trim" -> trim(name);
      default -> new Node.Call(name.offset(), function, arguments(new ArrayList<>()));
    };
  }

  /** The arguments up to and with the closing parenthesis, after those that are known already. */
  private List<Node> arguments(List<Node> known) {
    if (known.isEmpty() && cursor.takeSymbol(")")) {
      return List.of();
    }
    if (known.isEmpty() || cursor.takeSymbol(",")) {
      do {
        known.add(parser.expression());
      } while (cursor.takeSymbol(","));
    }
    cursor.expectSymbol(")", "or ',' in the arguments");
    return List.copyOf(known);
  }

  private Node cast(Token name, boolean lenient) {
    Node operand = parser.expression();
    cursor.expectWord("as", "in cast(… as type)");
    Token start = cursor.peek();
    StringBuilder type = new StringBuilder();
    while (!cursor.isSymbol(")") && cursor.peek().kind() != Kind.END) {
      type.append(cursor.peek().text());
      if (cursor.next().isSymbol("(")) {
        while (!cursor.isSymbol(")") && cursor.peek().kind() != Kind.END) {
          type.append(cursor.next().text());
        }
        type.append(cursor.expectSymbol(")", "after the digits of the type").text());
      }
    }
    cursor.expectSymbol(")", "after the type of the cast");
    return new Node.Cast(name.offset(), operand, type(start, type.toString()), lenient);
  }

  private DataType type(Token start, String text) {
    try {
      return DataType.parse(text);
    } catch (IllegalArgumentException e) {
      throw cursor.error(start, String.valueOf(e.getMessage()), "name one of these types");
    }
  }

  private Node extract(Token name) {
    Token unit = cursor.peek();
    if (unit.kind() == Kind.NAME && cursor.peekSecond().isWord("from")) {
      cursor.next();
      cursor.next();
      Node operand = parser.expression();
      cursor.expectSymbol(")", "after extract(unit from …");
      Node literal = new Node.Literal(unit.offset(), unit.lowerCase());
      return new Node.Call(name.offset(), "extract", List.of(literal, operand));
    }
    return new Node.Call(name.offset(), "extract", arguments(new ArrayList<>()));
  }

  private Node position(Token name) {
    if (cursor.isSymbol(")")) {
      return new Node.Call(name.offset(), "position", arguments(new ArrayList<>()));
    }
    Node part = parser.concatenation();
    if (cursor.takeWord("in")) {
      Node whole = parser.expression();
      cursor.expectSymbol(")", "after position(… in …");
      return new Node.Call(name.offset(), "position", List.of(part, whole));
    }
    return new Node.Call(name.offset(), "position", arguments(new ArrayList<>(List.of(part))));
  }

  private Node substring(Token name) {
    if (cursor.isSymbol(")")) {
      return new Node.Call(name.offset(), "substring", arguments(new ArrayList<>()));
    }
    List<Node> known = new ArrayList<>(List.of(parser.expression()));
    if (cursor.takeWord("from")) {
      known.add(parser.expression());
      if (cursor.takeWord("for")) {
        known.add(parser.expression());
      }
      cursor.expectSymbol(")", "after substring(… from … for …");
      return new Node.Call(name.offset(), "substring", List.copyOf(known));
    }
    return new Node.Call(name.offset(), "substring", arguments(known));
  }

  /** {@code trim(side chars from text)} is a call of trim, ltrim or rtrim with two arguments. */
  private Node trim(Token name) {
    Kind second = cursor.peekSecond().kind();
    boolean sided =
        cursor.peek().kind() == Kind.NAME
            && TRIM_SIDES.contains(cursor.peek().lowerCase())
            && (second == Kind.STRING || second == Kind.NAME || second == Kind.QUOTED_NAME);
    String side = sided ? cursor.next().lowerCase() : "both";
    String function =
        switch (side.toLowerCase(Locale.ROOT)) {
          case "leading" -> "ltrim";
          case "trailing" -> "rtrim";
          default -> "trim";
        };
    if (cursor.isSymbol(")")) {
      return new Node.Call(name.offset(), function, arguments(new ArrayList<>()));
    }
    if (cursor.takeWord("from")) {
      return new Node.Call(name.offset(), function, arguments(new ArrayList<>()));
    }
    Node first = parser.expression();
    if (cursor.takeWord("from")) {
      Node text = parser.expression();
      cursor.expectSymbol(")", "after trim(… from …");
      return new Node.Call(name.offset(), function, List.of(text, first));
    }
    return new Node.Call(name.offset(), function, arguments(new ArrayList<>(List.of(first))));
  }
}
