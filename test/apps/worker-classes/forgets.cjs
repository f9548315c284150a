module.exports = { name: 'one that forgets', create: ({ front }) => ({ listenOn: front().listenOn }) }
