print("see src")
