/**
 * Complex event processing: sequences of events of a key that belong together. A {@link
 * io.fluxcore.domain.pattern.Pattern} is declared, compiled into a {@link
 * io.fluxcore.domain.pattern.PatternProgram}, an automaton that knows nothing of how it was
 * declared, and run by a {@link io.fluxcore.domain.pattern.PatternMatcher}. What matches is defined
 * as in Apache Flink's pattern library.
 *
 * <p>May import {@code error}, {@code event}, {@code expression}, {@code operator}, {@code state},
 * {@code time} and {@code window}.
 */
@NullMarked
package io.fluxcore.domain.pattern;

import org.jspecify.annotations.NullMarked;
