/**
 * Row pattern recognition as SQL has it: a regular expression over the rows of a partition, in
 * which what is written first is preferred. A {@link io.fluxcore.domain.rowpattern.RowPattern} is
 * compiled into a {@link io.fluxcore.domain.rowpattern.RowPatternProgram}, which {@link
 * io.fluxcore.domain.rowpattern.RowMatching} has run over the rows of each key. What matches is
 * defined as in the standard (ISO/IEC 19075-5) and in Trino, whose matcher is one of threads as
 * well.
 *
 * <p>May import {@code error}, {@code event}, {@code expression}, {@code keyed}, {@code operator},
 * {@code pattern}, {@code state}, {@code time} and {@code window}.
 */
@NullMarked
package io.fluxcore.domain.rowpattern;

import org.jspecify.annotations.NullMarked;
