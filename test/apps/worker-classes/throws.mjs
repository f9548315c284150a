export default {
  name: 'one that throws',
  create() {
    throw new Error('this class cannot begin')
  },
}
