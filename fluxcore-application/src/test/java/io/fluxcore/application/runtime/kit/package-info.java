/** Servers that state backends are tested with. Imports the JDK alone. */
@NullMarked
package io.fluxcore.application.runtime.kit;

import org.jspecify.annotations.NullMarked;
