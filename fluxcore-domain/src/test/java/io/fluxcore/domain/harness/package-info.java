/**
 * The test harness for operators, published with the domain's test-jar: it runs one operator step
 * by step ({@link io.fluxcore.domain.harness.OperatorHarness}), or a whole pipeline of stages in
 * every way a host may run it ({@link io.fluxcore.domain.harness.StageHarness}), in virtual time
 * and on the caller's thread.
 *
 * <p>May import everything of the domain.
 */
@NullMarked
package io.fluxcore.domain.harness;

import org.jspecify.annotations.NullMarked;
