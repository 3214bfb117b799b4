/** The clock and chance of this machine, for functions that ask them. May import the domain. */
@NullMarked
package io.fluxcore.infrastructure.outside;

import org.jspecify.annotations.NullMarked;
