throw new Error('this application cannot be loaded')
