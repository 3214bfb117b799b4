/** Events that are handed in from outside. May import the domain only. */
@NullMarked
package io.fluxcore.application.publish;

import org.jspecify.annotations.NullMarked;
