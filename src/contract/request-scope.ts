/**
 * Under this name the process holds what tells an application which request it is serving, once the application has
 * asked for it. A name of the whole process, because an application may have a copy of the package of its own.
 */
export const requestScope: unique symbol = Symbol.for('tsicorn.request-scope') as never
