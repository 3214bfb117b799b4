/**
 * Functions of applications as plain Java classes, whose types follow from the signatures of their
 * methods. May import {@code event} and {@code error}.
 */
@NullMarked
package io.fluxcore.domain.code;

import org.jspecify.annotations.NullMarked;
