package io.fluxcore.infrastructure.sql.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes statements out of others by changing a few of their tokens or characters. */
final class Mutations {
  private static final Pattern TOKEN =
      Pattern.compile("'[^']*'|`[^`]*`|\\w+|\\s+|<=|>=|<>|\\|\\||.", Pattern.DOTALL);
  private static final String ODD =
      "'\"`();,.*+-/%<>=!|&^~@#$?:[]{}\\ \t\n\r"
          + "\0\u00a0\u2028\ufeff\ud83d\ude00\u0130\u00df\u0661\ud800";

  private final Random random;
  private final List<String> words;

  /**
   * Mutations.
   *
   * @param statements whose tokens are put into others
   */
  Mutations(Random random, List<String> statements) {
    this.random = random;
    this.words =
        statements.stream()
            .flatMap(text -> tokens(text).stream())
            .filter(t -> !t.isBlank())
            .toList();
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Words of SQL and of the statements in no order. */
  String soup() {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "SELECT ");
    for (int i = random.nextInt(40); i >= 0; i--) {
      text.append(any(words)).append(' ');
    }
    return text.toString();
  }

  String noise() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i >= 0; i--) {
      text.append(
          random.nextBoolean()
              ? ODD.charAt(random.nextInt(ODD.length()))
              : (char) random.nextInt(random.nextBoolean() ? 128 : 0x3000));
    }
    return text.toString();
  }

  String mutated(String statement) {
    List<String> tokens = tokens(statement);
    for (int i = random.nextInt(3); i >= 0 && !tokens.isEmpty(); i--) {
      int at = random.nextInt(tokens.size());
      switch (random.nextInt(8)) {
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, tokens.get(at));
        case 2 -> tokens.set(at, tokens.set(random.nextInt(tokens.size()), tokens.get(at)));
        case 3 -> tokens.set(at, any(words));
        case 4 -> tokens.add(at, any(words));
        case 5 -> {
          int to = Math.min(tokens.size(), at + 1 + random.nextInt(8));
          List<String> part = new ArrayList<>(tokens.subList(at, to));
          tokens.addAll(random.nextInt(tokens.size()), part);
        }
        case 6 -> {
          int to = Math.min(tokens.size(), at + 1 + random.nextInt(8));
          tokens.subList(at, to).clear();
        }
        default -> tokens.set(at, tokens.get(at) + ODD.charAt(random.nextInt(ODD.length())));
      }
    }
    String text = String.join(random.nextInt(20) == 0 ? " " : "", tokens);
    return random.nextInt(10) == 0 && !text.isEmpty()
        ? text.substring(0, random.nextInt(text.length()))
        : text;
  }
}
