package io.fluxcore.domain.code;

/**
 * A function of an application: a public class with a public method {@code eval}, or several of
 * them, which takes the arguments and returns the result. The types are those of {@link JavaTypes}.
 * An argument that may be null has a type that may be, such as {@code Long}; where a {@code long}
 * is null the result is, and {@code eval} is not called. What it throws is an error of the row.
 *
 * <p>Made by name, as {@code CREATE FUNCTION} does, it has a public constructor without parameters,
 * and each call in an expression has an instance of its own, used by one thread at a time. Made by
 * the application, as a bean is, one instance serves all, and must be thread-safe.
 *
 * <pre>{@code
 * public final class CountCharacters implements UserFunction {
 *   public long eval(String text, String character) {
 *     return text.chars().filter(c -> c == character.charAt(0)).count();
 *   }
 * }
 * }</pre>
 */
public interface UserFunction {
  /** Whether equal arguments always give equal results. */
  default boolean isDeterministic() {
    return true;
  }
}
