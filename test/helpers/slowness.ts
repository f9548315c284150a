/** How many times longer than usual things may take here: an emulated machine is not in a hurry. */
export const slowness = Number(process.env['TSICORN_TEST_SLOWNESS'] ?? 1)
