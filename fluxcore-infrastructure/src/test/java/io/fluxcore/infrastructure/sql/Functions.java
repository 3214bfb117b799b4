package io.fluxcore.infrastructure.sql;

import io.fluxcore.domain.code.UserAggregate;
import io.fluxcore.domain.code.UserFunction;
import io.fluxcore.domain.code.UserTableFunction;
import java.util.ArrayList;
import java.util.List;

/** Functions as applications write them. */
public final class Functions {
  private Functions() {}

  /** A sum; null where an argument is. */
  public static final class Plus implements UserFunction {
    public long eval(long a, long b) {
      return a + b;
    }

    public double eval(double a, double b) {
      return a + b;
    }

    public String eval(String... parts) {
      return String.join("+", parts);
    }
  }

  /** How often a character is in a text. */
  public static final class CountCharacters implements UserFunction {
    public long eval(String text, String character) {
      return text.chars().filter(c -> c == character.charAt(0)).count();
    }
  }

  /** Fails. */
  public static final class Failing implements UserFunction {
    public String eval(String text) {
      throw new IllegalStateException("no " + text);
    }
  }

  /** A word and its length. */
  public record Word(String word, int length) {}

  /** The words of a text. */
  public static final class Words implements UserTableFunction {
    public List<Word> eval(String text) {
      List<Word> words = new ArrayList<>();
      for (String word : text.split(" ")) {
        if (!word.isEmpty()) {
          words.add(new Word(word, word.length()));
        }
      }
      return words;
    }
  }

  /** The numbers below another one. */
  public static final class Below implements UserTableFunction {
    public long[] eval(int end) {
      long[] numbers = new long[Math.max(0, end)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      return numbers;
    }
  }

  /** What {@link WeightedAverage} has seen. */
  public static final class Weights {
    public long sum;
    public long weight;
  }

  /** An average of values with weights. */
  public static final class WeightedAverage implements UserAggregate<Double, Weights> {
    @Override
    public Weights createAccumulator() {
      return new Weights();
    }

    @Override
    public Double getValue(Weights weights) {
      return weights.weight == 0 ? null : (double) weights.sum / weights.weight;
    }

    @Override
    public Weights merge(Weights left, Weights right) {
      left.sum += right.sum;
      left.weight += right.weight;
      return left;
    }

    public void accumulate(Weights weights, long value, int weight) {
      weights.sum += value * weight;
      weights.weight += weight;
    }

    public void retract(Weights weights, long value, int weight) {
      weights.sum -= value * weight;
      weights.weight -= weight;
    }
  }

  /** No function. */
  public static final class Nothing {}

  /** A function without a method. */
  public static final class Empty implements UserFunction {}

  /** A function of what no field holds. */
  public static final class Odd implements UserFunction {
    public Thread eval(String text) {
      return Thread.currentThread();
    }
  }

  /** A function that cannot be made. */
  public static final class Unmade implements UserFunction {
    private final String name;

    public Unmade(String name) {
      this.name = name;
    }

    public String eval(String text) {
      return name + text;
    }
  }
}
