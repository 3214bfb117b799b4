/** Real servers for tests, as processes of their own. Imports the JDK alone. */
@NullMarked
package io.fluxcore.application.kit;

import org.jspecify.annotations.NullMarked;
